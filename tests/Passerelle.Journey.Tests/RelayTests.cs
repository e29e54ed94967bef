namespace Passerelle.Journey.Tests;

/// <summary>How the lab's Exchange hands a forwarded mail to the gateway (facts/microsoft365.md §6.3).</summary>
public sealed class RelayTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forwarded_mail_comes_by_BDAT_or_by_DATA_as_the_route_says_and_is_answered_either_way()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await AnsweredAsync(scene, "Order 4731", "BDAT");
        await scene.Mail.RouteAsync(scene.Gateway.InboundDomain, scene.Gateway.Smtp.ToString(), Cancel, bdat: false);
        await AnsweredAsync(scene, "Order 4732", "DATA");
    }

    private static async Task AnsweredAsync(Scene scene, string subject, string command)
    {
        var sent = await scene.AnnWritesAsync(subject);
        var answer = await scene.AnswerToAsync(sent);
        Assert.Equal($"Re: {subject}", answer.Subject);
        var relayed = await Eventually.SeesAsync("The hand-over is in the lab's log", async _ =>
            (await scene.Mail.LogAsync("relay", Cancel)).FirstOrDefault(line => line.MessageId == sent));
        Assert.Equal(command, relayed.Command);
        Assert.StartsWith("2.0.0 Accepted as ", relayed.Answer, StringComparison.Ordinal);
    }
}
