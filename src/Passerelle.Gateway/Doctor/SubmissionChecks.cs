using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Doctor;

/// <summary>Server and TLS, sign-in, and what became of the last mail. Probes send nothing.</summary>
internal sealed class SubmissionChecks(SubmissionProbe probe, TokenSource tokens)
{
    public async Task<Finding> ServerAsync(Patient patient, CancellationToken cancel) => await ProbeAsync(patient, cancel) switch
    {
        ProbeOutcome.Accepted accepted => ServerRight(patient, accepted.Exchanges),
        ProbeOutcome.Refused refused when refused.Last >= SubmissionStep.SignIn => ServerRight(patient, refused.Exchanges),
        ProbeOutcome.Refused refused => refused.Finding with { Evidence = Finding.Probed },
        ProbeOutcome.Later later when later.Last >= SubmissionStep.SignIn => ServerRight(patient, later.Exchanges),
        ProbeOutcome.Later later => later.Finding with { Evidence = Finding.Probed },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public async Task<Finding> SignInAsync(Patient patient, CancellationToken cancel) => await ProbeAsync(patient, cancel) switch
    {
        ProbeOutcome.Accepted accepted => new("", "X2", Finding.Right, Finding.Probed, accepted.Reply, "", ""),
        ProbeOutcome.Refused refused => refused.Finding with { Evidence = Finding.Probed },
        ProbeOutcome.Later later => later.Finding with { Result = Finding.Unknown, Evidence = Finding.Probed },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public Task<Finding> SentAsync(Patient patient, CancellationToken cancel) => Task.FromResult(patient.Traces switch
    {
        { LastAttemptOutcome: "accepted" } traces => new Finding(
            "", "X5", Finding.Right, Finding.Seen,
            string.Create(CultureInfo.InvariantCulture, $"Last mail accepted {traces.LastAcceptedAt:u}: {traces.LastAcceptedWords}"), "", ""),
        { LastAttemptOutcome: { } outcome and not "deferred" } traces =>
            Causes.FindSmtp(traces.LastAttemptWords ?? outcome, !patient.UsesOAuth),
        { LastAttemptOutcome: "deferred" } traces => new Finding(
            "", "G4", Finding.Unknown, Finding.Seen, traces.LastAttemptWords ?? "", Cause.Passerelle, "Wait: it is tried again"),
        _ => new Finding(
            "", "X5", Finding.Unknown, Finding.NotProvableHere, "Nothing has been sent yet", Cause.Passerelle,
            "Press Send test: the mailbox writes to itself"),
    });

    private async Task<ProbeOutcome> ProbeAsync(Patient patient, CancellationToken cancel) =>
        await tokens.GetAsync(patient.App, cancel) switch
        {
            TokenAnswer.Ready ready => await probe.TryAsync(patient.App, ready, cancel),
            TokenAnswer.Broken broken => new ProbeOutcome.Refused(broken.Finding, SubmissionStep.Token),
            TokenAnswer.Later later => new ProbeOutcome.Later(
                new Finding("", "G4", Finding.Unknown, Finding.Probed, later.Reason, Cause.Passerelle, "Wait: the provider does not answer now"),
                SubmissionStep.Token),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Finding ServerRight(Patient patient, IReadOnlyList<SmtpExchange> exchanges) => new(
        "", "G2", Finding.Right, Finding.Probed,
        $"{patient.App.SmtpHost}:{patient.App.SmtpPort} ({patient.App.SmtpSecurity}): {(exchanges.Count > 0 ? exchanges[0].Reply : "connected")}", "", "");
}
