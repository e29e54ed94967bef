using System.Globalization;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Doctor;

/// <summary>Does the mailbox's mail reach us? Set-up steps F1 (forwarding) and F6 (our own door).</summary>
internal sealed class ForwardingChecks(InboundProbe probe, IOptions<DoctorOptions> options, TimeProvider time)
{
    private const string ExchangeAdmin = "Exchange administrator";

    public Task<Finding> SeenAsync(Patient patient, CancellationToken cancel) => Task.FromResult(Seen(patient));

    public async Task<Finding> ReachableAsync(Patient patient, CancellationToken cancel)
    {
        if (patient.Traces.LastReceivedAt is not null)
        {
            return new("", "F6", Finding.Right, Finding.Seen, $"Mail for {patient.App.ForwardingAddress} has arrived", "", "");
        }
        return await probe.DeliverableAsync(patient.App.ForwardingAddress, cancel);
    }

    private Finding Seen(Patient patient) => patient.Traces switch
    {
        { LastReceivedAt: { } at } traces => new(
            "", "F1", Finding.Right, Finding.Seen,
            string.Create(CultureInfo.InvariantCulture, $"Last forwarded mail {at:u} from {traces.LastRemoteAddress}, envelope <{traces.LastEnvelopeFrom}>"), "", ""),
        { WaitingSince: { } since } when time.GetUtcNow() - since > TimeSpan.FromMinutes(options.Value.PropagationMinutes) => new(
            "", "F1", Finding.Wrong, Finding.Seen,
            string.Create(CultureInfo.InvariantCulture, $"Waiting since {since:u}: nothing was forwarded"), ExchangeAdmin,
            "Set Manage email forwarding of the mailbox to the forwarding address, and allow automatic forwarding in the outbound spam policy"),
        { WaitingSince: { } since } => new(
            "", "F1", Finding.Unknown, Finding.Seen,
            string.Create(CultureInfo.InvariantCulture, $"Waiting since {since:u}; a change of forwarding may take an hour to act"), ExchangeAdmin,
            "Write to the mailbox from any other account; this turns green by itself"),
        _ => new(
            "", "F1", Finding.Unknown, Finding.NotProvableHere, "No forwarded mail has arrived yet", ExchangeAdmin,
            "Press Verify, then write to the mailbox from any other account"),
    };
}
