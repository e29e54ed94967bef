using System.Globalization;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>Does the mailbox's mail reach us? Set-up steps F1 to F6. A mail of our own from outside says more than waiting does.</summary>
internal sealed class ForwardingChecks(InboundProbe probe, Canaries canaries, RawMails raws, IOptions<DoctorOptions> options, TimeProvider time)
{
    /// <summary>Mail of the last day says that forwarding works, when nothing newer speaks against it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    public async Task<Finding> SeenAsync(Patient patient, CancellationToken cancel)
    {
        var fate = patient.Thorough ? await canaries.SendAsync(patient.App, cancel) : await canaries.LookAsync(patient.App, cancel);
        if (fate is CanaryFate.Arrived { Copy: { } lost }) return ForwardingCauses.Of(lost.Recipient, lost.Status, lost.Words, patient.App);
        if (fate is CanaryFate.Arrived arrived) return Proved(patient, arrived);
        // What keeps the world from reaching us keeps the forwarded mail away too: then forwarding is not to blame.
        var door = await probe.DeliverableAsync(patient.App.ForwardingAddress, hasJustArrived: false, cancel);
        if (door.Result == Wrong && fate is not CanaryFate.NotSent) return door;
        return fate switch
        {
            CanaryFate.Failed failed => ForwardingCauses.Of(failed.Recipient, failed.Status, failed.Words, patient.App),
            CanaryFate.Elsewhere elsewhere => ForwardingCauses.WrongAddress(elsewhere.Address, patient.App, ""),
            CanaryFate.Silent silent => Silence(patient, silent, isWithoutCopy: await LastHeadersAsync(patient, cancel) is { LeavesNoCopy: true }),
            CanaryFate.Away away when !IsFresh(patient) => Open(
                "F1", Seen, Phrase.Of("A test mail was written to {0} at {1} and has not come back yet", patient.App.EmailId, Instant(away.SentAt)), Cause.Exchange,
                Phrase.Of("Wait a few minutes and check again")),
            _ => WithoutCanary(patient),
        };
    }

    public async Task<Finding> ReachableAsync(Patient patient, CancellationToken cancel)
    {
        var hasArrived = patient.Traces.LastReceivedAt is { } at && (!patient.Thorough || IsFresh(patient));
        return await probe.DeliverableAsync(patient.App.ForwardingAddress, hasArrived, cancel) switch
        {
            { Result: Unknown } when patient.Traces.LastReceivedAt is not null =>
                Fine("F6", Seen, Phrase.Of("Mail for {0} has arrived", patient.App.ForwardingAddress)),
            var finding => finding,
        };
    }

    /// <summary>
    /// The guide leaves the copy to the admin and nothing fails without one, so its absence is no mistake; it is advised
    /// against all the same (facts/microsoft365.md §10), for then the mail exists at Passerelle only.
    /// </summary>
    public async Task<Finding> CopyAsync(Patient patient, CancellationToken cancel)
    {
        var (headers, evidence) = await canaries.LookAsync(patient.App, cancel) is CanaryFate.Arrived arrived
            ? (arrived.Headers, Probed)
            : (await LastHeadersAsync(patient, cancel), Seen);
        return headers switch
        {
            { LeavesNoCopy: true } => TooMuch(
                "F2", evidence, Phrase.Of("Mail to {0} is forwarded and no copy of it stays in the mailbox: what is lost here is lost for good", patient.App.EmailId),
                Cause.Exchange, Phrase.Of("Active users › the mailbox › Mail › Manage email forwarding: tick Keep a copy of forwarded email in this mailbox")),
            { KeepsCopy: true } => Fine("F2", evidence, Phrase.Of("A copy of forwarded mail stays in the mailbox {0}", patient.App.EmailId)),
            _ => Open("F2", NotProvableHere, Phrase.Of("No forwarded mail says yet whether a copy of it stays in the mailbox")),
        };
    }

    private static Finding Proved(Patient patient, CanaryFate.Arrived arrived) =>
        Fine("F1", Probed, Phrase.Of("A test mail to {0} came back by forwarding at {1}", patient.App.EmailId, Instant(arrived.At)));

    /// <param name="isWithoutCopy">The mailbox kept none of what it last forwarded: then it tells nothing, wherever it forwards to.</param>
    private static Finding Silence(Patient patient, CanaryFate.Silent silent, bool isWithoutCopy) => silent switch
    {
        { ReportsPromised: true, ReachedMailbox: false } when !isWithoutCopy => Faulty(
            "F5", Probed, Phrase.Of("Exchange took a test mail to {0} at {1}, and it reached neither the mailbox nor Passerelle", patient.App.EmailId, Instant(silent.SentAt)),
            Cause.Exchange, Phrase.Of("Exchange admin center › Mail flow › Message trace says where it ended: a rule that deletes, or quarantine")),
        _ => Faulty(
            "F1", Probed, Phrase.Of("A test mail to {0} at {1} was not forwarded", patient.App.EmailId, Instant(silent.SentAt)), Cause.Exchange,
            Phrase.Of("Active users › the mailbox › Mail › Manage email forwarding: enter {0}. If it is there already: Mail flow › Remote domains must allow automatic forwarding, and no rule may delete it", patient.App.ForwardingAddress)),
    };

    /// <summary>Port 25 is closed on the way out, or nobody has asked for a test: what arrived by itself decides.</summary>
    private Finding WithoutCanary(Patient patient) => patient.Traces switch
    {
        { LastReceivedAt: { } at } traces => Fine("F1", Seen, Phrase.Of("Last forwarded mail {0} from {1}, envelope <{2}>", Instant(at), traces.LastRemoteAddress ?? "", traces.LastEnvelopeFrom ?? "")),
        { WaitingSince: { } since } when time.GetUtcNow() - since > TimeSpan.FromMinutes(options.Value.PropagationMinutes) => Faulty(
            "F1", Seen, Phrase.Of("Waiting since {0}: nothing was forwarded", Instant(since)), Cause.Exchange,
            Phrase.Of("Set Manage email forwarding of the mailbox to the forwarding address, and allow automatic forwarding in the outbound spam policy")),
        { WaitingSince: { } since } => Open(
            "F1", Seen, Phrase.Of("Waiting since {0}; a change of forwarding may take an hour to act", Instant(since)), Cause.Exchange,
            Phrase.Of("Write to the mailbox from any other account; this turns green by itself")),
        _ => Open(
            "F1", NotProvableHere, Phrase.Of("No forwarded mail has arrived yet"), Cause.Exchange,
            Phrase.Of("Press Verify, then write to the mailbox from any other account")),
    };

    /// <returns>Of the last mail that came; null when there is none, or its bytes are gone.</returns>
    private async Task<ForwardedHeaders?> LastHeadersAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.Traces.LastRawId is not { } raw) return null;
        try
        {
            await using var mail = await raws.OpenAsync(patient.App.OrganisationId, raw, cancel);
            return ForwardedHeaders.In(mail);
        }
        catch (FileNotFoundException)
        {
            return null; // pruned
        }
    }

    private bool IsFresh(Patient patient) => patient.Traces.LastReceivedAt is { } at && time.GetUtcNow() - at < Fresh;

    private static string Instant(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);
}
