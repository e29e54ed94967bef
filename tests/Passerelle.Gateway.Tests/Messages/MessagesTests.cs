using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Messages;

public sealed class MessagesTests
{
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task Pages_run_from_the_newest_to_the_oldest_without_gap_or_repeat()
    {
        await using var bench = await InboundBench.OpenAsync();
        for (var i = 0; i < 5; i++) await bench.ArriveAsync(Written.Mail(id: $"{i}@fabrikam.example"));

        var seen = new List<Guid>();
        Guid? before = null;
        do
        {
            var page = await bench.Messages.ListAsync(bench.Organisation, bench.App, before, 2, Cancel);
            seen.AddRange(page.Lines.Select(line => line.Id));
            before = page.Next;
        }
        while (before is not null);

        var all = await bench.Messages.ListAsync(bench.Organisation, null, null, 100, Cancel);
        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(all.Lines.Select(line => line.Id), seen);
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public async Task Another_organisation_sees_nothing()
    {
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Written.Mail());
        var other = await bench.Temp.OrganisationAsync("Fabrikam");

        Assert.Null(await bench.Messages.FindAsync(other, message.Id, Cancel));
        Assert.Null(await bench.Messages.OpenSourceAsync(other, message.Id, Cancel));
        Assert.Empty((await bench.Messages.ListAsync(other, null, null, 10, Cancel)).Lines);
        Assert.Empty((await bench.Messages.ListAsync(other, bench.App, null, 10, Cancel)).Lines);
        Assert.Equal(0, await bench.Held.KeepAsync(other, bench.App, Cancel));
    }

    [Fact]
    public async Task The_source_is_the_mail_as_it_was_received()
    {
        await using var bench = await InboundBench.OpenAsync();
        var message = await bench.ArriveAsync(Written.Mail());
        await using var source = await bench.Messages.OpenSourceAsync(bench.Organisation, message.Id, Cancel);
        using var reader = new StreamReader(source!);
        Assert.Equal(Written.Mail(), await reader.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task Held_mail_is_released_once_its_app_works_and_not_before()
    {
        await using var bench = await InboundBench.OpenAsync("draft");
        var message = await bench.ArriveAsync(Written.Mail());
        Assert.Equal(1, await bench.Held.CountAsync(bench.Organisation, bench.App, Cancel));
        Assert.Equal(0, await bench.Held.ReleaseAsync(bench.Organisation, bench.App, Cancel));

        await bench.SetStateAsync(bench.Organisation, bench.App, "connected");
        Assert.Equal(1, await bench.Held.ReleaseAsync(bench.Organisation, bench.App, Cancel));
        Assert.Equal(MessageState.Ready, (await bench.MessageAsync(message.Id)).State);
        Assert.Equal(0, await bench.Held.ReleaseAsync(bench.Organisation, bench.App, Cancel));
    }

    [Fact]
    public async Task Held_mail_that_an_admin_keeps_is_never_ready()
    {
        await using var bench = await InboundBench.OpenAsync("unauthorised");
        var message = await bench.ArriveAsync(Written.Mail());
        Assert.Equal(1, await bench.Held.KeepAsync(bench.Organisation, bench.App, Cancel));
        await bench.SetStateAsync(bench.Organisation, bench.App, "connected");
        Assert.Equal(0, await bench.Held.ReleaseAsync(bench.Organisation, bench.App, Cancel));
        Assert.Equal((MessageState.Kept, HeldMail.KeptByAdmin), await bench.MessageAsync(message.Id) switch { var kept => (kept.State, kept.StateReason) });
    }

    [Theory]
    [InlineData("Ann@Fabrikam.EXAMPLE", "ann@fabrikam.example", "fabrikam.example")]
    [InlineData(" <ann@fabrikam.example> ", "ann@fabrikam.example", "fabrikam.example")]
    [InlineData("\"a@b\"@fabrikam.example", "\"a@b\"@fabrikam.example", "fabrikam.example")]
    [InlineData("postmaster", "postmaster", "")]
    public void Addresses_are_compared_folded(string written, string folded, string domain)
    {
        Assert.Equal(folded, AddressText.Fold(written));
        Assert.Equal(domain, AddressText.DomainOf(written));
    }
}
