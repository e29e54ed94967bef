using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Passerelle.Journey.Tests;

/// <summary>swaks, the mail tester of Debian, as an independent client of the receiver.</summary>
public sealed class SwaksTests(SharedLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("without TLS", "--quit-after", "")]
    [InlineData("with TLS", "--tls", "~> ")]
    public async Task Swaks_delivers_a_mail_which_is_kept_unanswered_for_nobody_proves_its_writer(string how, string option, string mark)
    {
        await using var scene = await Scene.ConnectedAsync(lab);
        string[] options = option == "--tls" ? [option] : [];
        var (code, said) = await RunAsync(
        [
            "--server", "127.0.0.1", "--port", scene.Gateway.Smtp.Port.ToString(CultureInfo.InvariantCulture), .. options,
            "--from", "stranger@adatum.example", "--to", scene.ForwardingAddress, "--ehlo", "client.adatum.example",
            "--header", $"Subject: swaks {how}", "--body", "A plain mail.",
        ]);

        Assert.True(code == 0, said);
        Assert.Contains($"{(mark.Length > 0 ? "<~" : "<-")}  250 2.0.0", said, StringComparison.Ordinal);
        var line = await scene.JourneyAsync($"swaks {how}", "routed", "");
        Assert.Equal("stranger@adatum.example", line.GetProperty("fromAddress").GetString());
        Assert.NotEqual("genuine", line.GetProperty("verdict").GetString());
        var journey = await scene.Gateway.Operator.GetAsync($"/api/v1/journeys/{line.GetProperty("messageId").GetGuid()}", Cancel);
        var received = journey.GetProperty("hops").EnumerateArray().Single(hop => hop.GetProperty("code").GetString() == "received");
        Assert.Equal(mark.Length > 0, !received.GetProperty("words").GetString()!.Contains("no TLS", StringComparison.Ordinal)); // never null
        Assert.Empty(await scene.SubmittedAsync());
    }

    [Fact]
    public async Task Swaks_is_told_that_nobody_lives_at_another_address()
    {
        await using var scene = await Scene.DraftAsync(lab);
        var (code, said) = await RunAsync(
        [
            "--server", "127.0.0.1", "--port", scene.Gateway.Smtp.Port.ToString(CultureInfo.InvariantCulture),
            "--from", "stranger@adatum.example", "--to", $"nobody@{scene.Gateway.InboundDomain}", "--ehlo", "client.adatum.example",
        ]);
        Assert.Equal(24, code); // swaks: no recipient was accepted
        Assert.Contains("550 5.1.1", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(IEnumerable<string> arguments)
    {
        using var swaks = Started(new ProcessStartInfo("swaks", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        var said = await Task.WhenAll(swaks.StandardOutput.ReadToEndAsync(Cancel), swaks.StandardError.ReadToEndAsync(Cancel));
        await swaks.WaitForExitAsync(Cancel);
        return (swaks.ExitCode, string.Concat(said));
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!; // a new process, for UseShellExecute is off
        }
        catch (Win32Exception missing)
        {
            var reason = $"swaks is not installed (tools/install.sh does it): {missing.Message}";
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
            Assert.Skip(reason);
            throw;
        }
    }
}
