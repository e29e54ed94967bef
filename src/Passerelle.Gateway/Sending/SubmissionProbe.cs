using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending;

/// <summary>What signing in at the submission server came to; nothing is sent.</summary>
internal abstract record ProbeOutcome
{
    private ProbeOutcome() { }

    /// <summary>Command and reply of every step, in order, as far as it came.</summary>
    public IReadOnlyList<SmtpExchange> Exchanges { get; init; } = [];

    /// <param name="Reply">The 235.</param>
    public sealed record Accepted(string Reply) : ProbeOutcome;

    /// <summary>A setting or a right is wrong.</summary>
    public sealed record Refused(Finding Finding, SubmissionStep Last) : ProbeOutcome;

    /// <summary>The server asks for a pause, or nobody answers there now.</summary>
    public sealed record Later(Finding Finding, SubmissionStep Last) : ProbeOutcome;
}

/// <summary>Connect, EHLO, STARTTLS, EHLO, AUTH, QUIT: proves what an app holds, and nothing else.</summary>
internal sealed class SubmissionProbe(OutboundPolicy policy, OutboundTrust trust, IOptions<SendingOptions> options)
{
    public async Task<ProbeOutcome> TryAsync(EmailApp app, TokenAnswer.Ready ready, CancellationToken cancel)
    {
        if (app.Transport == Transports.Graph) return ByGraph(app, ready);
        using var client = new SubmissionClient(policy, trust, options.Value);
        try
        {
            await client.ConnectAsync(app, cancel);
            await client.SignInAsync(app, ready, cancel);
            var accepted = new ProbeOutcome.Accepted(client.LastReply) { Exchanges = client.Exchanges };
            client.SayGoodbye();
            return accepted;
        }
        catch (Exception failure) when (!(failure is OperationCanceledException && cancel.IsCancellationRequested))
        {
            return ForWay(app, Explain(failure, client, ready.IsPassword)) with { Exchanges = client.Exchanges };
        }
    }

    /// <summary>Nothing can be asked of Graph with the right to send alone, so the token's own words must do.</summary>
    internal static ProbeOutcome ByGraph(EmailApp app, TokenAnswer.Ready ready) => GraphRights.Missing(app, ready.Secret) is { } missing
        ? new ProbeOutcome.Refused(missing, SubmissionStep.Token)
        : new ProbeOutcome.Accepted("Microsoft Graph: Mail.Send");

    private static ProbeOutcome ForWay(EmailApp app, ProbeOutcome outcome) =>
        outcome is ProbeOutcome.Refused refused ? refused with { Finding = Causes.ForWay(app, refused.Finding) } : outcome;

    private static ProbeOutcome Explain(Exception failure, SubmissionClient client, bool isPassword) =>
        Submission.Classify(failure, client, isPassword) switch
        {
            SendOutcome.Blocked blocked => new ProbeOutcome.Refused(blocked.Finding, client.Step),
            SendOutcome.Refused refused => new ProbeOutcome.Refused(Causes.FindSmtp(refused.Reason, isPassword), client.Step),
            SendOutcome.Deferred deferred when deferred.Reason.Length > 0 && char.IsAsciiDigit(deferred.Reason[0]) =>
                new ProbeOutcome.Later(Causes.FindSmtp(deferred.Reason, isPassword), client.Step),
            SendOutcome.Deferred deferred when OutboundRefused.In(failure) is not null || failure is NotSupportedException or System.Security.Authentication.AuthenticationException =>
                new ProbeOutcome.Refused(Causes.Find(Server, deferred.Reason), client.Step),
            SendOutcome.Deferred deferred => new ProbeOutcome.Later(Causes.Find(Server, deferred.Reason), client.Step),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };

    private static Cause Server { get; } = new("smtp-server", "G2", Cause.Passerelle, "Check SMTP server, port and security", Reaction.Configure);
}
