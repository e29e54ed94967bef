using System.Net;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>The clock of the machine jumps a day, either way, under a running gateway: every mail becomes a message within seconds, none waits for a day.</summary>
public sealed class ClockJumpTests
{
    private readonly JumpingTime _time = new();

    [Fact]
    public async Task Mail_is_taken_and_read_while_the_clock_jumps_a_day_forward_and_back()
    {
        await using var gateway = await LiveGateway.StartAsync(time: _time);
        var organisation = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var address = (await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel)).ForwardingAddress;
        var endpoint = gateway.Get<InboundDoor>().Endpoints[0];
        var mails = 0;
        foreach (var days in new[] { 0, 1, 0, -1, 0 })
        {
            _time.Offset = TimeSpan.FromDays(days);
            for (var n = 0; n < 5; n++) await DeliverAsync(endpoint, address, mails++);
            _time.Offset = TimeSpan.FromDays(days - 1); // while they are being read
            await DeliverAsync(endpoint, address, mails++);
            await ReadAsync(gateway, organisation, mails);
        }
    }

    private static async Task DeliverAsync(IPEndPoint endpoint, string address, int number)
    {
        await using var wire = await Wire.OpenAsync(endpoint);
        await wire.SayAsync("EHLO mail.fabrikam.example");
        Assert.StartsWith("250 ", await wire.TryMailAsync(Written.Mail(id: $"jump-{number}@fabrikam.example"), address), StringComparison.Ordinal);
    }

    private static async Task ReadAsync(LiveGateway gateway, Guid organisation, int mails)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(LiveGateway.Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while ((await gateway.Get<StoredMessages>().ListAsync(organisation, null, null, 100, patience.Token)).Lines.Count < mails) await Task.Delay(50, patience.Token);
    }

    /// <summary>The system's clock, set wrong; what measures time passing is not.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        private long _offset;

        public TimeSpan Offset { set => Volatile.Write(ref _offset, value.Ticks); }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _offset));
    }
}
