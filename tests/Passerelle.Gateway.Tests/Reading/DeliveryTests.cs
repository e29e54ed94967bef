using System.Net;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Delivery;
using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Tests.Reading;

/// <summary>An app that takes its mail from its provider. The bench's client is 192.0.2.1.</summary>
public sealed class DeliveryTests
{
    private const string Name = "mail-1.outbound.protection.outlook.com";
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    public async Task Without_a_rule_mail_from_anyone_is_accepted_and_who_delivered_is_told()
    {
        await using var bench = await InboundBench.OpenAsync();
        bench.Dns.Names[Client] = "mail.adatum.example";
        var message = await bench.ArriveAsync(Written.Mail());
        Assert.Equal((MessageState.Ready, "mail.adatum.example, 192.0.2.1"), (message.State, message.DeliveredBy));
        Assert.Empty(message.FindingList);
    }

    [Theory]
    [InlineData(DeliveryRule.Hold, "Held")]
    [InlineData(DeliveryRule.Mark, "Ready")]
    public async Task Mail_from_others_is_held_or_marked_and_never_lost(string mode, string state)
    {
        await using var bench = await InboundBench.OpenAsync();
        await SetAsync(bench, new(mode, ["exchange-online"], new([])));
        bench.Dns.Names[Client] = "mail.adatum.example";
        var message = await bench.ArriveAsync(Written.Mail());
        Assert.Equal(state, message.State.ToString());
        Assert.Contains("mail.adatum.example", Assert.Single(message.FindingList), StringComparison.Ordinal);
        if (mode is not DeliveryRule.Hold) return;
        Assert.Contains("mail.adatum.example", message.StateReason, StringComparison.Ordinal);
        Assert.Equal(1, await bench.Held.ReleaseAsync(bench.Organisation, bench.App, Cancel));
        Assert.Equal(MessageState.Ready, (await bench.MessageAsync(message.Id)).State);
    }

    [Fact]
    public async Task The_provider_is_known_by_a_name_that_leads_back_to_the_address()
    {
        await using var bench = await InboundBench.OpenAsync();
        await SetAsync(bench, new(DeliveryRule.Hold, ["exchange-online"], new([])));
        bench.Dns.Names[Client] = Name;
        var message = await bench.ArriveAsync(Written.Mail());
        Assert.Equal((MessageState.Ready, $"Exchange Online ({Name}, 192.0.2.1)"), (message.State, message.DeliveredBy));
    }

    [Fact]
    public async Task A_name_that_is_only_claimed_does_not_count()
    {
        await using var bench = await InboundBench.OpenAsync();
        await SetAsync(bench, new(DeliveryRule.Hold, ["exchange-online"], new([])));
        bench.Dns.Claims[Client] = Name; // PTR says so, but the name does not lead back
        Assert.Equal(MessageState.Held, (await bench.ArriveAsync(Written.Mail())).State);
    }

    [Fact]
    public async Task The_provider_is_known_by_its_SPF_record_and_the_admins_own_ranges_count_too()
    {
        await using var bench = await InboundBench.OpenAsync();
        await SetAsync(bench, new(DeliveryRule.Hold, ["google"], new([])));
        bench.Dns.Texts["_spf.google.com"] = "v=spf1 ip4:192.0.2.0/24 -all";
        Assert.Equal(MessageState.Ready, (await bench.ArriveAsync(Written.Mail(id: "a@fabrikam.example"))).State);

        bench.Dns.Texts.Clear();
        await SetAsync(bench, new(DeliveryRule.Hold, [], DeliverySources.Parse("192.0.2.0/28, mx.contoso.example")));
        Assert.Equal(MessageState.Ready, (await bench.ArriveAsync(Written.Mail(id: "b@fabrikam.example"))).State);
        await SetAsync(bench, new(DeliveryRule.Hold, [], DeliverySources.Parse("198.51.100.0/24")));
        Assert.Equal(MessageState.Held, (await bench.ArriveAsync(Written.Mail(id: "c@fabrikam.example"))).State);
    }

    [Fact]
    public async Task Trouble_with_the_DNS_is_waited_for_and_in_the_end_an_admin_decides()
    {
        await using var bench = await InboundBench.OpenAsync();
        await SetAsync(bench, new(DeliveryRule.Hold, ["exchange-online"], new([])));
        bench.Dns.Names[Client] = Name;
        bench.Dns.Silent = true;
        var receipt = await bench.ReceiveAsync(Written.Mail());
        await bench.ReadDueAsync();
        Assert.Equal(1, (await bench.ReceiptAsync(receipt.Id)).Attempts);
        bench.Dns.Silent = false;
        bench.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.ReadDueAsync();
        Assert.Equal(MessageState.Ready, (await bench.MessageAsync(receipt.Id)).State);
    }

    [Fact]
    public async Task The_provider_of_the_first_mails_is_suggested_until_mail_comes_from_others()
    {
        await using var bench = await InboundBench.OpenAsync();
        var rules = Rules(bench);
        bench.Dns.Names[Client] = Name;
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(DeliveryRules.Suggestion(await rules.SeenAsync(bench.Organisation, bench.App, Cancel)));
            await bench.ArriveAsync(Written.Mail(id: $"{i}@fabrikam.example"));
        }
        var suggested = DeliveryRules.Suggestion(await rules.SeenAsync(bench.Organisation, bench.App, Cancel));
        Assert.Equal(("exchange-online", 3), (suggested?.Provider, suggested?.Mails));

        bench.Dns.Names[Client] = "mail.adatum.example";
        await bench.ArriveAsync(Written.Mail(id: "4@fabrikam.example"));
        Assert.Null(DeliveryRules.Suggestion(await rules.SeenAsync(bench.Organisation, bench.App, Cancel)));
    }

    [Theory]
    [InlineData("refuse", "exchange-online", "")]
    [InlineData("hold", "nobody-we-know", "")]
    [InlineData("hold", "", "not/a/range")]
    [InlineData("hold", "", "com")]
    [InlineData("hold", "", "")]
    public async Task A_rule_that_cannot_hold_is_refused(string mode, string provider, string source)
    {
        await using var bench = await InboundBench.OpenAsync();
        var rule = new DeliveryRule(mode, provider.Length > 0 ? [provider] : [], DeliverySources.Parse(source));
        Assert.IsNotType<DeliveryOutcome.Saved>(await Rules(bench).SetAsync(bench.Organisation, bench.App, rule, Cancel));
        Assert.Equal(DeliveryRule.Anyone, (await bench.Temp.Apps.FindAsync(bench.Organisation, bench.App, Cancel))!.Delivery); // it is there
    }

    [Fact]
    public void An_operators_file_replaces_a_provider_and_adds_one_and_a_wrong_one_stops_the_start()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("passerelle-deliverers-").FullName, "own.json");
        File.WriteAllText(file, """[{"id":"google","name":"Google","ranges":["198.51.100.0/24"]},{"id":"relay","name":"Our relay","names":["relay.contoso.example"]}]""");
        var list = List(file);
        Assert.Equal(["exchange-online", "google", "relay"], list.All.Select(one => one.Id));
        Assert.Equal(["198.51.100.0/24"], list.Find("google")!.Ranges); // just listed
        File.WriteAllText(file, """[{"id":"relay","name":"Our relay","ranges":["198.51.100.0/99"]}]""");
        Assert.Contains("198.51.100.0/99", Assert.Throws<InvalidDataException>(() => List(file)).Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true); // made above
    }

    [Fact]
    public void Every_provider_that_we_know_has_sources_that_can_be_used() =>
        Assert.All(List("").All, one => Assert.True(!one.Known.Wrong.Any() && one.Known.Entries.Count > 0 && one.Source.Length > 0));

    private static DelivererList List(string file) => new(Options.Create(new AppsOptions { DeliverersFile = file }));

    private static DeliveryRules Rules(InboundBench bench) => new(bench.Store, List(""));

    private static async Task SetAsync(InboundBench bench, DeliveryRule rule) =>
        Assert.IsType<DeliveryOutcome.Saved>(await Rules(bench).SetAsync(bench.Organisation, bench.App, rule, Cancel));
}
