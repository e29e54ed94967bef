using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Passerelle.Dev.Bench;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Soak;

/// <summary>What a Release gateway weighs while very many hold a connection, and while many send large mail at once.</summary>
internal sealed class CrowdMeasure(TextWriter progress) : IAsyncDisposable
{
    private const int Idle = 10_000;
    private const int Sessions = 500;
    private const int MailsASession = 4;
    private const int MailBytes = 200_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly byte[] Mail = Encoding.ASCII.GetBytes(
        "From: Robot <robot@adatum.example>\r\nSubject: A report\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + string.Concat(Enumerable.Repeat(new string('A', 76) + "\r\n", MailBytes / 78)) + ".\r\n");

    private readonly string _root = Directory.CreateTempSubdirectory("passerelle-crowd-").FullName;
    private readonly DevSettings _settings = DevFolder.AnyPorts();

    /// <returns>Megabytes of resident memory, the largest that was seen.</returns>
    /// <exception cref="DevFault">The set-up failed, or a connection was refused.</exception>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancel)
    {
        var folder = new DevFolder(_root);
        Directory.CreateDirectory(folder.Gateway);
        var address = await PrepareAsync(folder, cancel);
        await using var gateway = ChildProcess.Start(Programs.ReleaseGateway, folder.GatewayLog,
        [
            "serve", "--data", folder.Gateway, $"--Store:KeyFile={folder.KeyFile}", "--Http:Port=0",
            $"--Receiving:Endpoints:0=127.0.0.1:{_settings.GatewaySmtp}", "--Logging:LogLevel:Default=Warning",
        ]);
        using var ready = new OperatorClient(folder.OperatorSocket);
        await gateway.WhenAsync("The gateway", folder.GatewayLog, () => ready.ReadyAsync(cancel), cancel);
        await Task.Delay(Settling, cancel);
        var still = Resident(gateway.Id);
        var sending = await SendingAsync(gateway.Id, address, cancel);
        var idle = await IdleAsync(gateway.Id, cancel);
        return
        [
            new BenchRow("resident, nobody connected", "MB", still, 150, 1),
            new BenchRow($"resident, {Idle} idle connections", "MB", idle, 400, 1),
            new BenchRow($"resident at most, {Sessions} sessions of {MailBytes / 1000} KB mails", "MB", sending, 300, 1),
        ];
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> PrepareAsync(DevFolder folder, CancellationToken cancel)
    {
        await using var first = await GatewayProcess.StartAsync(folder, _settings, new MicrosoftSide(1, 1, 1, 1, Path.Combine(_root, "ca.pem")), cancel);
        await first.FirstRunAsync(folder, _settings, cancel);
        return (await first.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel)).GetProperty("forwardingAddress").GetString()!; // the API always gives one
    }

    private async Task<double> IdleAsync(int process, CancellationToken cancel)
    {
        var open = new System.Collections.Concurrent.ConcurrentBag<TcpClient>();
        try
        {
            await Parallel.ForAsync(0, Idle, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancel }, async (_, stop) =>
            {
                var client = new TcpClient();
                open.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, _settings.GatewaySmtp, stop);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, bufferSize: 256, leaveOpen: true);
                await ExpectAsync(reader, "220", stop);
                await SayAsync(client, reader, "EHLO mx.adatum.example", "250", stop);
            });
            await Task.Delay(Settling, cancel);
            await progress.WriteLineAsync($"{open.Count} connections idle");
            return Resident(process);
        }
        finally
        {
            foreach (var client in open) client.Dispose();
        }
    }

    private async Task<double> SendingAsync(int process, string address, CancellationToken cancel)
    {
        await File.WriteAllTextAsync($"/proc/{process}/clear_refs", "5", cancel); // the peak begins anew
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => SendAsync(address, cancel)));
        await progress.WriteLineAsync($"{Sessions * MailsASession} mails of {MailBytes} bytes taken");
        return Status(process, "VmHWM:");
    }

    private async Task SendAsync(string address, CancellationToken cancel)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _settings.GatewaySmtp, cancel);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, bufferSize: 256, leaveOpen: true);
        await ExpectAsync(reader, "220", cancel);
        await SayAsync(client, reader, "EHLO mx.adatum.example", "250", cancel);
        for (var mail = 0; mail < MailsASession; mail++)
        {
            await SayAsync(client, reader, "MAIL FROM:<robot@adatum.example>", "250", cancel);
            await SayAsync(client, reader, $"RCPT TO:<{address}>", "250", cancel);
            await SayAsync(client, reader, "DATA", "354", cancel);
            await client.GetStream().WriteAsync(Mail, cancel);
            await ExpectAsync(reader, "250", cancel);
        }
        await SayAsync(client, reader, "QUIT", "221", cancel);
    }

    private static async Task SayAsync(TcpClient client, StreamReader reader, string line, string code, CancellationToken cancel)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"), cancel);
        await ExpectAsync(reader, code, cancel);
    }

    private static async Task ExpectAsync(StreamReader reader, string code, CancellationToken cancel)
    {
        string? line;
        do line = await reader.ReadLineAsync(cancel);
        while (line is { Length: > 3 } && line[3] == '-');
        if (line?.StartsWith(code, StringComparison.Ordinal) != true) throw new DevFault($"Instead of {code}: {line ?? "closed"}");
    }

    private static double Resident(int process) => Status(process, "VmRSS:");

    /// <returns>A line of /proc/PID/status in kilobytes, as megabytes of a million bytes.</returns>
    private static double Status(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
