using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Exchange;

public class LabMailTests
{
    [Fact]
    public async Task A_test_of_somebody_else_plays_a_whole_conversation()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var fixture = await LabFixture.StartAsync(cancel);
        await fixture.Control.OpenLabAsync("demo", cancel);
        await fixture.Control.AddOutsideDomainAsync("demo", "adatum.example",
            [("ann@adatum.example", "Ann", "pass-1"), ("bob@adatum.example", "Bob", "pass-2")], cancel);
        var mail = new LabMail(fixture.Control, "demo");

        var coming = mail.WaitAsync("bob@adatum.example", TimeSpan.FromSeconds(30), cancel, subject: "order");
        var id = await mail.WriteAsync("ann@adatum.example", "bob@adatum.example", "My order", "Where?", cancel);
        var arrived = await coming;
        await mail.WriteAsync("bob@adatum.example", "ann@adatum.example", "Re: My order", "Here.", cancel, inReplyTo: id);

        Assert.Equal((id, "inbox"), (arrived?.MessageId, arrived?.Folder));
        Assert.Equal(id, Assert.Single(await mail.ListAsync("ann@adatum.example", "inbox", cancel)).InReplyTo);
        Assert.Equal(2, (await mail.LogAsync("deliver", cancel)).Count);
        Assert.Contains("Where?", System.Text.Encoding.UTF8.GetString(await mail.RawAsync(arrived!.Id, cancel)), StringComparison.Ordinal); // compared above
        var refused = await Assert.ThrowsAsync<LabRefusedException>(() => mail.RouteAsync("in.fabrikam.example", "192.0.2.1:25", cancel));
        Assert.Equal(400, refused.Status);
    }
}
