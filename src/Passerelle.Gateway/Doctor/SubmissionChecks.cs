using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Graph;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>Server and TLS, sign-in, and what became of the last mail. Probes send nothing.</summary>
internal sealed class SubmissionChecks(SubmissionProbe probe, PatientTokens tokens, Canaries mailbox)
{
    public async Task<Finding> ServerAsync(Patient patient, CancellationToken cancel) => (await ProbeAsync(patient, cancel)).Outcome switch
    {
        _ when patient.App.Transport == Transports.Graph => Fine("G2", NotProvableHere, Phrase.Of("Letters leave by Microsoft Graph: the SMTP server is not asked")),
        ProbeOutcome.Accepted accepted => ServerRight(patient, accepted.Exchanges),
        ProbeOutcome.Refused refused when refused.Last >= SubmissionStep.SignIn => ServerRight(patient, refused.Exchanges),
        ProbeOutcome.Refused refused => refused.Finding with { Evidence = Probed },
        ProbeOutcome.Later later when later.Last >= SubmissionStep.SignIn => ServerRight(patient, later.Exchanges),
        ProbeOutcome.Later later => later.Finding with { Evidence = Probed },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public async Task<Finding> SignInAsync(Patient patient, CancellationToken cancel)
    {
        var (outcome, token) = await ProbeAsync(patient, cancel);
        return outcome switch
        {
            ProbeOutcome.Accepted when PatientTokens.IsUntried(patient) => Faulty(
                "G3", Probed, Phrase.Of("Everything is ready, and nobody has connected this app yet"), Cause.Passerelle, Phrase.Of("Press Connect on the page Authorisation")),
            ProbeOutcome.Accepted when patient.App.Transport == Transports.Graph => await MistypedAsync(patient, cancel) ?? Fine(
                "E5", Probed, Phrase.Of("The token lets the app send by Microsoft Graph: {0}", Transports.MailSend)),
            ProbeOutcome.Accepted => await MistypedAsync(patient, cancel) ?? Fine("X2", Probed, Phrase.Of("The server accepts the sign-in: {0}", Reply(outcome))),
            ProbeOutcome.Refused { Finding: { SetupStep: "G3" } finding } when patient.UsesOAuth => await ExplainAsync(patient, finding, token, cancel),
            ProbeOutcome.Refused { Finding.SetupStep: "X4" or "X5" } refused => await NoMailboxAsync(patient, refused.Finding, cancel) ?? refused.Finding with { Evidence = Probed },
            ProbeOutcome.Refused refused => refused.Finding with { Evidence = Probed },
            ProbeOutcome.Later later => later.Finding with { Result = patient.Thorough ? Wrong : Unknown, Evidence = Probed }, // who asks now is not let in now
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public Task<Finding> SentAsync(Patient patient, CancellationToken cancel) => Task.FromResult(patient.Traces switch
    {
        { LastAttemptOutcome: "accepted" } traces => Fine(
            "X5", Seen, Phrase.Of("Last mail accepted {0}: {1}", traces.LastAcceptedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "", traces.LastAcceptedWords ?? "")),
        { LastAttemptOutcome: { } outcome } traces when Told(patient, traces.LastAttemptWords ?? outcome, outcome == "deferred") is { } told => told,
        { LastAttemptOutcome: "deferred" } traces => Open(
            "G4", Seen, Phrase.Of("The last mail waits: {0}", traces.LastAttemptWords ?? ""), Cause.Passerelle, Phrase.Of("Wait: it is tried again")),
        _ => Open(
            "X5", NotProvableHere, Phrase.Of("Nothing has been sent yet"), Cause.Passerelle, Phrase.Of("Press Send test: the mailbox writes to itself")),
    });

    /// <summary>
    /// What the server's answer to the last mail says of the set-up. A pause says nothing, unless it is asked for every time (430) or
    /// names a limit (432); a recipient who does not exist is nobody's set-up.
    /// </summary>
    private static Finding? Told(Patient patient, string words, bool mayPass)
    {
        if (GraphAnswers.Find(words) is { } byGraph) return byGraph;
        var isPassword = !patient.UsesOAuth;
        var cause = Causes.OfSmtp(words, isPassword);
        return cause switch
        {
            _ when mayPass && (!char.IsAsciiDigit(words.FirstOrDefault()) || cause is { Reaction: Reaction.Retry, Step: "G4" }) => null,
            { Check: SmtpCauses.Recipient } => Fine("X5", Seen, Phrase.Of("The server took the mailbox as sender and refused a recipient of the last mail: {0}", words)),
            _ => Causes.FindSmtp(words, isPassword),
        };
    }

    /// <summary>535 5.7.3: what we hold tells its many causes apart; when all of that is right, it is the mailbox.</summary>
    private async Task<Finding> ExplainAsync(Patient patient, Finding finding, SecretText? token, CancellationToken cancel)
    {
        var claims = token is null ? null : TokenClaims.Read(token);
        if (SignInCauses.Explain(patient.App, patient.Traces.SignedInAs ?? "", claims, finding.Detail) is { } cause) return cause;
        if (claims is not { IsForExchange: true, MaySend: true }) return finding with { Evidence = Probed };
        var unknown = await mailbox.UnknownMailboxAsync(patient.App, cancel);
        return Faulty(
            "X1", Probed,
            unknown is null
                ? Phrase.Of("The token is right in everything, and Exchange opens no mailbox for {0}: it has no licence, or no mailbox any more", patient.App.UserName)
                : Phrase.Of("Exchange knows no mailbox {0}", patient.App.EmailId),
            Cause.Exchange, Phrase.Of("Active users › the mailbox › Licenses and apps: a plan with Exchange Online"),
            unknown is null ? finding.Detail : $"{finding.Detail} / {unknown}");
    }

    /// <summary>Whoever signs in for a mailbox that is not there lacks no right to it.</summary>
    private async Task<Finding?> NoMailboxAsync(Patient patient, Finding finding, CancellationToken cancel) =>
        await mailbox.UnknownMailboxAsync(patient.App with { EmailId = patient.App.UserName }, cancel) is { } unknown
            ? Faulty(
                "X1", Probed, Phrase.Of("Exchange knows no mailbox {0}", patient.App.UserName), Cause.Exchange,
                Phrase.Of("Compare the Email ID with the mailbox's address; give the mailbox an Exchange Online licence"), $"{finding.Detail} / {unknown}")
            : null;

    /// <summary>Signed in as one address and writing as another that nobody has.</summary>
    private async Task<Finding?> MistypedAsync(Patient patient, CancellationToken cancel) =>
        !patient.App.EmailId.Equals(patient.App.UserName, StringComparison.OrdinalIgnoreCase)
        && await mailbox.UnknownMailboxAsync(patient.App, cancel) is { } words
            ? Faulty(
                "G1", Probed, Phrase.Of("Exchange knows no mailbox {0}", patient.App.EmailId), Cause.Passerelle,
                Phrase.Of("Settings › Email ID: compare it with {0}, letter by letter", patient.App.UserName), words)
            : null;

    private async Task<(ProbeOutcome Outcome, SecretText? Token)> ProbeAsync(Patient patient, CancellationToken cancel) =>
        await tokens.GetAsync(patient, cancel) switch
        {
            TokenAnswer.Ready ready => (await probe.TryAsync(patient.App, ready, cancel), ready.Secret),
            TokenAnswer.Broken broken => (new ProbeOutcome.Refused(broken.Finding, SubmissionStep.Token), null),
            TokenAnswer.Later later => (new ProbeOutcome.Later(
                Open("G4", Probed, Phrase.Of("The provider does not answer now: {0}", later.Reason), Cause.Passerelle, Phrase.Of("Wait: the provider does not answer now")),
                SubmissionStep.Token), null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Reply(ProbeOutcome outcome) => outcome is ProbeOutcome.Accepted accepted ? accepted.Reply : "";

    private static Finding ServerRight(Patient patient, IReadOnlyList<SmtpExchange> exchanges) => Fine(
        "G2", Probed, Phrase.Of(
            "{0}:{1} ({2}): {3}", patient.App.SmtpHost, patient.App.SmtpPort.ToString(CultureInfo.InvariantCulture), patient.App.SmtpSecurity,
            exchanges.Count > 0 ? exchanges[0].Reply : "connected"));
}
