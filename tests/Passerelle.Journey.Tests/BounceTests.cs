using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>What Exchange returns finds the letter that it is about, whatever it is returned for.</summary>
public sealed class BounceTests(SharedLab lab)
{
    private const int OfEach = 2;

    /// <summary>Beyond the catalogue, as servers say it when a mail is too large, is taken for unwanted, or comes too often.</summary>
    private static readonly string[] OtherReplies =
    [
        "552 5.2.3 Message too large for this recipient", "552 5.3.4 Message size exceeds fixed maximum message size", "554 5.7.1 Message rejected as spam",
        "550 5.2.122 The recipient has exceeded their limit", "550 5.1.1 User unknown in virtual mailbox table", "554 5.6.11 The message has characters that we do not take",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="rewrites">Exchange gives every mail a Message-ID of its own, and tells nobody.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_the_letters_that_Exchange_returns_98_of_100_are_known(bool rewrites)
    {
        await using var scene = await Scene.DraftAsync(lab, "--Sending:MessagesPerMinute=100000");
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync();
        await scene.AuthoriseAsync();
        await scene.Lab.SendAsync(
            HttpMethod.Put, $"directories/{scene.Contoso.DirectoryId}/submission-limits",
            new { connections = 100, messagesPerMinute = 1_000_000, recipientsPerDay = 10_000_000, externalPerDay = 10_000_000 }, Cancel);
        await scene.Lab.SendAsync(HttpMethod.Put, $"directories/{scene.Contoso.DirectoryId}/submission-settings", new { rewritesMessageIds = rewrites }, Cancel);
        var failing = await FailingAsync(scene);

        // held until all are written: the first return of an address silences it for machines
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/pause", new { reason = "Until all are written" }, Cancel);
        var expected = 0;
        for (var time = 0; time < OfEach; time++)
        {
            foreach (var address in failing) expected += await OrderAsync(scene, [address], bytes: 0);
        }
        expected += await OrderAsync(scene, [failing[0], failing[1], failing[^1]], bytes: 0); // one letter, and a report of each
        expected += await OrderAsync(scene, [failing[0]], bytes: 1_200_000); // too large to be given back: its headers alone are
        await scene.Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{scene.App}/resume", null, Cancel);

        for (var read = 0L; read < expected;)
        {
            var before = read;
            read = await Eventually.SeesAsync<object>($"More than {before} of {expected} reports are read", async _ => await ReadAsync(scene) is var now && now > before ? now : null) is long now ? now : before;
        }
        var known = (await scene.RowsAsync<string>("SELECT address FROM letter_recipient WHERE organisation_id = @organisation AND came_back = 'bounced'")).Count;
        var missed = await scene.RowsAsync<string>("SELECT address || ': ' || words FROM letter_recipient WHERE organisation_id = @organisation AND came_back <> 'bounced'");
        Assert.True(known * 100 >= expected * 98, $"{known} of {expected}; not {string.Join("; ", missed)}");
        Assert.True(expected >= 60, $"{expected} reports");

        // all letters say the same to the same people: only ids can tell them apart
        var guessed = await scene.RowsAsync<string>("SELECT address FROM returned WHERE organisation_id = @organisation AND matched_by NOT IN ('id', 'mention')");
        Assert.True(guessed.Count * 100 <= expected * 2, $"By recipient alone: {string.Join("; ", guessed)}");
    }

    private static async Task<long> ReadAsync(Scene scene) =>
        (await scene.RowsAsync<long>("SELECT COUNT(*) FROM message WHERE organisation_id = @organisation AND kind = 'bounce' AND state <> 'ready'"))[0];

    /// <returns>How many reports it will cause.</returns>
    private static async Task<int> OrderAsync(Scene scene, IReadOnlyList<string> to, int bytes)
    {
        var files = bytes == 0 ? Array.Empty<object>() : [new { name = "picture.bin", type = "application/octet-stream", base64 = Convert.ToBase64String(new byte[bytes]) }];
        await scene.Gateway.Operator.SendAsync(
            HttpMethod.Post, "/api/v1/letters",
            new { appId = scene.App, to = to.Select(address => new { address }), subject = "About your order", text = "It is on its way.", files }, Cancel);
        return to.Count;
    }

    /// <summary>Nobody there, no room, switched off, not from outside, no forwarding; and every refusal of other servers that the lab knows.</summary>
    private static async Task<IReadOnlyList<string>> FailingAsync(Scene scene)
    {
        var (directory, domain) = (scene.Contoso.DirectoryId, scene.Contoso.Domain);
        var flow = new LabMailFlow(scene.Lab, directory);
        await scene.Lab.AddUserAsync(directory, $"full@{domain}", "Full", Contoso.Password, administrator: false, Cancel);
        await scene.Lab.AddUserAsync(directory, $"off@{domain}", "Off", Contoso.Password, administrator: false, Cancel);
        await flow.SetMailboxStateAsync($"full@{domain}", full: true, disabled: false, Cancel);
        await flow.SetMailboxStateAsync($"off@{domain}", full: false, disabled: true, Cancel);
        var adatum = $"adatum-{scene.Contoso.Lab}.example";
        var other = await scene.Lab.AddDirectoryAsync(scene.Contoso.Lab, "Adatum", [adatum], Cancel);
        await scene.Lab.SetAutoForwardingAsync(other, "off", Cancel);
        await scene.Lab.AddUserAsync(other, $"away@{adatum}", "Away", Contoso.Password, administrator: false, Cancel);
        await scene.Lab.SetForwardingAsync(other, $"away@{adatum}", scene.Contoso.Ann, keepCopy: true, Cancel);

        var elsewhere = $"elsewhere-{scene.Contoso.Lab}.example";
        await scene.Mail.RouteAsync(elsewhere, scene.Gateway.Smtp.ToString(), Cancel); // nobody gets that far
        var faults = new LabFaults(scene.Lab, scene.Contoso.Lab);
        var replies = (await faults.CatalogueAsync(null, Cancel)).Where(code => code.Places.Contains("relay") && code.Answer.StartsWith('5')).Select(code => code.Answer).Concat(OtherReplies).ToList();
        var refused = replies.Select((reply, number) => (Address: $"refused-{number}@{elsewhere}", Reply: reply)).ToList();
        foreach (var (address, reply) in refused) await faults.ArmAsync(new LabFault("relay") { Reply = reply, Mailbox = address, Times = null }, Cancel);
        return [$"nobody@{domain}", $"full@{domain}", $"off@{domain}", $"away@{adatum}", $"nobody@{adatum}", .. refused.Select(one => one.Address)];
    }
}
