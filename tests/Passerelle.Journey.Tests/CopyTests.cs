using MimeKit;

namespace Passerelle.Journey.Tests;

/// <summary>One mail, however often it comes and whoever sends a copy first, is one message and one answer.</summary>
public sealed class CopyTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_delivery_of_the_same_bytes_makes_no_second_message_and_no_second_answer()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.AnnWritesAsync("Only once");
        var line = await scene.JourneyAsync("Only once", "routed", "settled");
        var source = await scene.Gateway.Operator.BytesAsync($"/api/v1/messages/{line.GetProperty("messageId").GetGuid()}/source", Cancel);
        using var copy = await MimeMessage.LoadAsync(new MemoryStream(source), Cancel);
        await Customer.DeliverAsync(scene.Gateway.Smtp, "bounces@" + scene.Contoso.Domain, [scene.ForwardingAddress], copy, Cancel);

        await scene.AnnWritesAsync("Afterwards");
        await scene.JourneyAsync("Afterwards", "routed", "settled");
        await Eventually.SeesAsync("The copy is read", async _ =>
            (await scene.RowsAsync<string>("SELECT state FROM receipt WHERE organisation_id = @organisation")).Find(state => state == "duplicate"));
        Assert.Equal(2, (await scene.JourneysAsync()).GetArrayLength());
        Assert.Equal(2, (await scene.SubmittedAsync()).Count);
    }

    [Fact]
    public async Task A_forged_first_copy_does_not_keep_the_genuine_one_from_being_answered_once()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        using var mail = Customer.Letter(scene.Contoso.Ann, scene.Contoso.Support, "Twice, once genuine");
        await Customer.DeliverAsync(scene.Gateway.Smtp, scene.Contoso.Ann, [scene.ForwardingAddress], mail, Cancel);
        var forged = await scene.JourneyAsync("Twice, once genuine", "routed", "");
        Assert.NotEqual("genuine", forged.GetProperty("verdict").GetString());

        await Customer.SubmitAsync(scene.Fixture, scene.Contoso.Ann, mail, Cancel);
        var genuine = await scene.JourneyAsync("Twice, once genuine", "routed", "settled");
        Assert.Equal("genuine", genuine.GetProperty("verdict").GetString());
        Assert.Single(await scene.SubmittedAsync());
        Assert.Equal(2, (await scene.JourneysAsync()).GetArrayLength());
    }
}
