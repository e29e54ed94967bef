using System.Net.Sockets;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Graph;

namespace Passerelle.Gateway.Tests.Sending.Graph;

/// <summary>What Graph says, and what follows (facts/microsoft365.md §4.2).</summary>
public sealed class GraphAnswersTests
{
    [Theory]
    [InlineData(401, "InvalidAuthenticationToken", "Blocked G3")]
    [InlineData(403, "ErrorAccessDenied", "Blocked E5")]
    [InlineData(403, "ErrorSendAsDenied", "Blocked X5")]
    [InlineData(403, "ErrorMessageSubmissionBlocked", "Blocked X6")]
    [InlineData(404, "ErrorInvalidUser", "Blocked X1")]
    [InlineData(404, "MailboxNotEnabledForRESTAPI", "Blocked X1")]
    [InlineData(507, "ErrorQuotaExceeded", "Blocked X1")]
    [InlineData(429, "ApplicationThrottled", "Deferred")]
    [InlineData(503, "serviceNotAvailable", "Deferred")]
    [InlineData(509, "bandwidthLimitExceeded", "Deferred")]
    [InlineData(400, "ErrorInvalidRecipients", "Refused")]
    [InlineData(413, "ErrorMessageSizeExceeded", "Refused")]
    [InlineData(408, "", "Unclear")]
    [InlineData(500, "", "Unclear")]
    [InlineData(502, "", "Unclear")]
    [InlineData(504, "gatewayTimeout", "Unclear")]
    [InlineData(200, "", "Unclear")]
    [InlineData(302, "", "Unclear")]
    public void Each_answer_has_its_fate(int status, string code, string fate)
    {
        var outcome = GraphAnswers.Of(status, code, "words", null);
        Assert.Equal(fate, outcome is SendOutcome.Blocked blocked ? $"Blocked {blocked.Finding.SetupStep}" : outcome.GetType().Name);
        if (outcome is SendOutcome.Blocked { BreaksApp: var breaks }) Assert.False(breaks);
    }

    /// <summary>Only what cannot have reached anybody is tried again.</summary>
    [Fact]
    public void A_failure_is_doubt_unless_nothing_was_on_its_way()
    {
        Assert.IsType<SendOutcome.Deferred>(GraphSubmission.Classify(new HttpRequestException(HttpRequestError.NameResolutionError), hasBegun: false));
        Assert.IsType<SendOutcome.Deferred>(GraphSubmission.Classify(new HttpRequestException(HttpRequestError.SecureConnectionError), hasBegun: false));
        Assert.IsType<SendOutcome.Deferred>(GraphSubmission.Classify(new TaskCanceledException("", new TimeoutException()), hasBegun: false));
        Assert.IsType<SendOutcome.Unclear>(GraphSubmission.Classify(new TaskCanceledException("", new TimeoutException()), hasBegun: true));
        Assert.IsType<SendOutcome.Unclear>(GraphSubmission.Classify(new HttpRequestException(HttpRequestError.ResponseEnded), hasBegun: true));
        Assert.IsType<SendOutcome.Unclear>(GraphSubmission.Classify(new HttpRequestException("", new SocketException()), hasBegun: true));
    }
}
