using System.Net.Sockets;

namespace Passerelle.Journey.Tests;

/// <summary>The gateway comes and goes; mail does not.</summary>
public sealed class OutageTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customer_who_writes_while_the_gateway_is_down_is_answered_once_when_it_is_up()
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        await scene.Gateway.StopAsync();
        var sent = await scene.AnnWritesAsync("While down");
        await Eventually.SeesAsync("The lab has tried", async cancel =>
            (await scene.Mail.LogAsync("forward", cancel)).Count > 0 ? "tried" : null);
        await scene.Gateway.StartAsync();
        await scene.Mail.RouteAsync(scene.Gateway.InboundDomain, scene.Gateway.Smtp.ToString(), Cancel); // its queue tries at once

        await scene.AnswerToAsync(sent);
        await scene.JourneyAsync("While down", "routed", "settled");
        Assert.Single(await scene.SubmittedAsync());
        Assert.Empty(await scene.Mail.LogAsync("ndr", Cancel));
    }

    [Fact]
    public async Task A_mail_under_way_when_the_gateway_is_told_to_stop_is_still_taken_and_there_after_the_next_start()
    {
        await using var scene = await Scene.DraftAsync(lab);
        using var socket = await scene.Gateway.ConnectAsync();
        await using var stream = new NetworkStream(socket);
        using var replies = new StreamReader(stream);
        await using var orders = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
        foreach (var order in new[] { "HELO client.adatum.example", $"MAIL FROM:<{scene.Contoso.Ann}>", $"RCPT TO:<{scene.ForwardingAddress}>", "DATA" })
        {
            Assert.StartsWith("2", await replies.ReadLineAsync(Cancel), StringComparison.Ordinal); // the greeting, then each answer but the last
            await orders.WriteLineAsync(order.AsMemory(), Cancel);
        }
        Assert.StartsWith("354", await replies.ReadLineAsync(Cancel), StringComparison.Ordinal);
        await orders.WriteLineAsync("Subject: Under way".AsMemory(), Cancel);
        var stopping = scene.Gateway.StopAsync();
        await orders.WriteAsync($"From: {scene.Contoso.Ann}\r\n\r\nA long story.\r\n.\r\n".AsMemory(), Cancel);

        Assert.StartsWith("250 2.0.0", await replies.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.StartsWith("421", await replies.ReadLineAsync(Cancel), StringComparison.Ordinal);
        await stopping;
        await scene.Gateway.StartAsync();
        await scene.JourneyAsync("Under way", "held", "");
    }
}
