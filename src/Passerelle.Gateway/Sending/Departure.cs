using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Graph;
using Passerelle.Gateway.Sending.Hosts;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>By which transport a letter leaves: as the app's admin says (<see cref="Transports"/>).</summary>
internal sealed class Departure(
    Submission smtp, GraphSubmission graph, GraphTokens graphTokens, HostGates gates, IOptions<AppsOptions> options, TimeProvider time) : ITransport
{
    /// <summary>So long a mailbox is not asked again whether its SMTP AUTH is back.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<Guid, (long Version, DateTimeOffset Until)> _off = new();

    /// <param name="ready">What the app itself signs in with.</param>
    public Task<SendOutcome> SendAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel) => app.Transport switch
        {
            Transports.Graph => ByGraphAsync(letter, app, ready, raw, pool, markSubmitting, cancel),
            Transports.SmtpThenGraph => EitherAsync(letter, app, ready, raw, pool, markSubmitting, cancel),
            _ => BySmtpAsync(letter, app, ready, raw, pool, markSubmitting, cancel),
        };

    private Task<SendOutcome> BySmtpAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel) => gates.BySmtpAsync(app, letter, markSubmitting, mark => smtp.SendAsync(letter, app, ready, raw, pool, mark, cancel));

    private Task<SendOutcome> ByGraphAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel) =>
        gates.ByGraphAsync(options.Value.MicrosoftGraph, letter, () => graph.SendAsync(letter, app, ready, raw, pool, markSubmitting, cancel));

    private async Task<SendOutcome> EitherAsync(
        ClaimedLetter letter, EmailApp app, TokenAnswer.Ready ready, ReadOnlyMemory<byte> raw, SubmissionPool pool, Func<Task> markSubmitting,
        CancellationToken cancel)
    {
        SendOutcome? bySmtp = null;
        if (!(_off.TryGetValue(app.Id, out var off) && off.Version == app.Version && time.GetUtcNow() < off.Until))
        {
            bySmtp = await BySmtpAsync(letter, app, ready, raw, pool, markSubmitting, cancel);
            if (!IsSwitchedOff(bySmtp)) return bySmtp;
        }
        switch (await graphTokens.ForSendingAsync(app, cancel))
        {
            case TokenAnswer.Ready token:
                if (bySmtp is not null) _off[app.Id] = (app.Version, time.GetUtcNow() + Believed);
                var byGraph = await ByGraphAsync(letter, app, token, raw, pool, markSubmitting, cancel);
                if (!GraphAnswers.IsTokenRefused(byGraph)) return byGraph;
                graphTokens.Forget(app.Id);
                return new SendOutcome.Deferred(Words(byGraph)) { Last = byGraph.Last };
            case TokenAnswer.Broken broken: return bySmtp ?? new SendOutcome.Blocked(broken.Finding) { BreaksApp = false };
            case TokenAnswer.Later later: return new SendOutcome.Deferred(later.Reason) { Counts = false };
            default: throw new UnreachableException();
        }
    }

    /// <summary>Refused at the sign-in because SMTP AUTH is off, for the mailbox (X2) or for the organisation (X3): nothing of a letter was said.</summary>
    private static bool IsSwitchedOff(SendOutcome outcome) => outcome is SendOutcome.Blocked { Last: SubmissionStep.SignIn } blocked && IsSwitchedOff(blocked.Finding);

    /// <inheritdoc cref="IsSwitchedOff(SendOutcome)"/>
    internal static bool IsSwitchedOff(Finding finding) =>
        finding is { Check: "smtp-auth", SetupStep: "X2" or "X3" } && finding.Detail.Contains("is disabled for the ", StringComparison.OrdinalIgnoreCase); // 5.7.139 is a policy's refusal too

    private static string Words(SendOutcome outcome) => outcome is SendOutcome.Blocked blocked ? blocked.Finding.Detail : "";
}
