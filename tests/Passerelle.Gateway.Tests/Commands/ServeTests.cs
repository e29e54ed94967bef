using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Commands;

/// <summary>A start that fails says in one sentence why; a stop finishes what it has begun.</summary>
public sealed partial class ServeTests
{
    private static readonly string[] FreePorts = ["--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0"];

    [Fact]
    public async Task A_folder_in_use_is_named_with_its_holder()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var sentence = (await Typed.RunAsync(["serve", "--data", gateway.Data, .. FreePorts])).Sentence();
        Assert.Contains($"{gateway.Data} is in use by process {Environment.ProcessId}", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_file_is_named_and_no_other_is_made()
    {
        await using var gateway = await LiveGateway.StartAsync();
        await gateway.StopAsync();
        File.Move($"{gateway.Data}.key", gateway.Beside("safe"));
        var sentence = (await Typed.RunAsync(["serve", "--data", gateway.Data, .. FreePorts])).Sentence();
        Assert.Contains($"The key file {gateway.Data}.key is missing", sentence, StringComparison.Ordinal);
        Assert.False(File.Exists($"{gateway.Data}.key"));
    }

    [Fact]
    public async Task A_newer_store_is_refused()
    {
        await using var gateway = await LiveGateway.StartAsync();
        await gateway.Get<IStore>().WriteAsync(
            Lane.Work,
            tx => tx.Across("the list of scripts").Execute("INSERT INTO migration (number, name, release, applied_at) VALUES (9999, '9999-later', '99.0.0', 0)"),
            LiveGateway.Cancel);
        await gateway.StopAsync();
        Assert.Contains("This store was written by Passerelle 99.0.0", (await Typed.RunAsync(["serve", "--data", gateway.Data, .. FreePorts])).Sentence(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Http:Port={0}")]
    [InlineData("--Receiving:Endpoints:0=127.0.0.1:{0}")]
    public async Task A_busy_port_is_named(string setting)
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;
        var word = string.Format(CultureInfo.InvariantCulture, setting, port);
        var sentence = await FailedStartAsync([.. FreePorts.Where(free => free.Split('=')[0] != word.Split('=')[0]), word]);
        Assert.Contains($"127.0.0.1:{port}", sentence, StringComparison.Ordinal);
        Assert.Contains("Stop what listens there", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Http:Port=70000", "Http:Port")]
    [InlineData("--Http:Port=many", "Http:Port")]
    [InlineData("--Http:Address=somewhere", "Http:Address")]
    [InlineData("--Queue:SubmittingSeconds=1", "Queue:SubmittingSeconds")]
    [InlineData("--Receiving:CertificateFile=/nowhere/tls.pem", "Receiving:CertificateFile")]
    public async Task A_wrong_setting_is_named(string setting, string key) =>
        Assert.Contains(key, await FailedStartAsync([.. FreePorts.Where(free => free.Split('=')[0] != setting.Split('=')[0]), setting]), StringComparison.Ordinal);

    [Fact]
    public async Task SIGTERM_lets_a_session_finish_its_mail()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var organisation = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var app = await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel);
        await gateway.StopAsync();

        var program = Path.Combine(AppContext.BaseDirectory, "passerelle");
        var start = new ProcessStartInfo(program, ["serve", "--data", gateway.Data, .. FreePorts]) { RedirectStandardOutput = true };
        using var server = Process.Start(start)!; // a new process
        var port = await PortAsync(server);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, LiveGateway.Cancel);
        using var lines = new StreamReader(client.GetStream());
        await using var words = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await SaysAsync(lines, "220");
        foreach (var word in new[] { "HELO client.example", "MAIL FROM:<ann@fabrikam.example>", $"RCPT TO:<{app.ForwardingAddress}>", "DATA" })
        {
            await words.WriteLineAsync(word);
            await SaysAsync(lines, word == "DATA" ? "354" : "250");
        }
        using (var kill = Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(LiveGateway.Cancel);
        await words.WriteLineAsync("Subject: half-way\r\n\r\nhello\r\n.");
        await SaysAsync(lines, "250");
        await SaysAsync(lines, "421");
        await server.WaitForExitAsync(LiveGateway.Cancel);
        Assert.Equal(0, server.ExitCode);
    }

    private static async Task SaysAsync(StreamReader lines, string code) =>
        Assert.StartsWith(code, await lines.ReadLineAsync(LiveGateway.Cancel), StringComparison.Ordinal);

    private static async Task<int> PortAsync(Process server)
    {
        var port = 0;
        while (await server.StandardOutput.ReadLineAsync(LiveGateway.Cancel) is { } line)
        {
            if (Mail().Match(line) is { Success: true } told) port = int.Parse(told.Groups["port"].Value, CultureInfo.InvariantCulture);
            if (line.Contains("Application started", StringComparison.Ordinal)) return port;
        }
        throw new InvalidOperationException("The server ended before it listened");
    }

    private static async Task<string> FailedStartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-start-").FullName;
        try
        {
            return (await Typed.RunAsync(["serve", "--data", Path.Combine(folder, "data"), .. settings])).Sentence();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"Taking mail at 127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex Mail();
}
