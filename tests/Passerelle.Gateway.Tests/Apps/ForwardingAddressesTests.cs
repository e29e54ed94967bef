using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Receiving;

namespace Passerelle.Gateway.Tests.Apps;

public sealed class ForwardingAddressesTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task The_old_address_works_through_the_overlap_then_its_mail_is_held_and_a_closed_one_is_refused()
    {
        await using var bench = await DoorBench.OpenAsync();
        var (temp, organisation, app, old) = (bench.Inbound.Temp, bench.Inbound.Organisation, bench.Inbound.App, bench.Inbound.Address);
        var addresses = temp.Addresses();
        var present = await addresses.RotateAsync(organisation, app, 14, Cancel);
        Assert.NotEqual(old, present);
        Assert.Equal(present, (await temp.AppAsync(organisation, app)).ForwardingAddress);

        await using var wire = await bench.ConnectAsync();
        Assert.Equal(MessageState.Ready, await ArriveAsync(bench, wire, "one", present!)); // it was made above
        Assert.Equal(MessageState.Ready, await ArriveAsync(bench, wire, "two", old));
        temp.Time.Advance(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));
        await using var later = await bench.ConnectAsync(); // the first connection has timed out
        Assert.Equal(MessageState.Held, await ArriveAsync(bench, later, "three", old.ToUpperInvariant()));
        Assert.Equal(MessageState.Ready, await ArriveAsync(bench, later, "four", present!)); // it was made above

        var list = await addresses.ListAsync(organisation, app, Cancel);
        Assert.Equal([present, old], list.Select(one => one.Address));
        Assert.All(list, one => Assert.Equal(temp.Time.GetUtcNow(), one.LastReceivedAt));
        Assert.Equal(temp.Time.GetUtcNow().AddSeconds(-1), list[1].OverlapUntil);

        Assert.False(await addresses.CloseAsync(organisation, app, present!, Cancel)); // the present one is never closed
        Assert.True(await addresses.CloseAsync(organisation, app, old, Cancel));
        await later.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("550 5.1.1 ", await later.SayAsync($"RCPT TO:<{old}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await later.SayAsync($"RCPT TO:<{present}>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Former_addresses_and_aliases_are_the_apps_own()
    {
        await using var temp = new TempStore();
        var organisation = await temp.OrganisationAsync();
        var app = await Readied.SavedAsync(temp, organisation);
        var form = AppForm.Of(app) with { Aliases = "help@contoso.example,\nSUPPORT@contoso.example  sos@contoso.example; help@contoso.example" };
        Assert.IsType<SaveOutcome.Saved>(await temp.Apps.SaveAsync(organisation, app.Id, app.Version, form, Cancel));
        await temp.Addresses().RotateAsync(organisation, app.Id, 1, Cancel);
        await temp.Addresses().RotateAsync(organisation, app.Id, 1, Cancel);
        var now = await temp.AppAsync(organisation, app.Id);
        Assert.Equal("help@contoso.example sos@contoso.example", now.Aliases);
        var former = (await temp.Addresses().ListAsync(organisation, app.Id, Cancel)).Select(one => one.Address);
        Assert.Equal(
            new[] { "support@contoso.example", "help@contoso.example", "sos@contoso.example" }.Concat(former).Order(),
            now.OwnAddresses.Order());
        Assert.Contains(app.ForwardingAddress, now.OwnAddresses);
    }

    private static async Task<MessageState> ArriveAsync(DoorBench bench, Wire wire, string id, string to)
    {
        var answer = await wire.MailAsync(Written.Mail(id: $"{id}@fabrikam.example"), to);
        await bench.Inbound.ReadDueAsync();
        return (await bench.Inbound.MessageAsync(Guid.ParseExact(answer[^32..], "N"))).State;
    }
}
