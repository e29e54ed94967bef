using System.Diagnostics;
using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>What is asked of every server alike.</summary>
/// <param name="Reused">Further mails over the same connection, else a new one for each.</param>
/// <param name="Bytes">Of the text of one mail.</param>
internal sealed record Load(int Sessions, bool Reused, int Bytes)
{
    /// <summary>Mails that show how fast a receiver is; every session has several.</summary>
    public int Few => Math.Max(Sessions * 2, Bytes > 100_000 ? 40 : 200);

    /// <summary>Ours says good-bye to a client after a thousand mails on one connection, and <c>smtp-source</c> takes that for a failure.</summary>
    public int Most => Reused ? Sessions * 950 : int.MaxValue;

    public string Name => string.Create(CultureInfo.InvariantCulture,
        $"{Sessions} {(Sessions == 1 ? "session" : "sessions")}, {(Reused ? "reused" : "new")} connections, {Bytes / 1000} KB");

    /// <summary>One run: Postfix's own load generator, and beside it a probe that writes a mail every ten milliseconds.</summary>
    /// <exception cref="DevFault">A mail was not taken.</exception>
    public async Task<Sample> RunAsync(IReceiver receiver, int count, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (server, generator) = (Processes.Seconds(receiver.Roots), Processes.SecondsOfEndedChildren());
        var clock = Stopwatch.StartNew();
        var probe = new Probe(receiver, this).RunAsync(enough.Token);
        await SendAsync(receiver, count, cancel);
        var seconds = clock.Elapsed.TotalSeconds;
        var (serverAfter, generatorAfter) = (Processes.Seconds(receiver.Roots), Processes.SecondsOfEndedChildren());
        await enough.CancelAsync();
        var waits = await probe;
        return new Sample(count + waits.Count, seconds, serverAfter - server, generatorAfter - generator, Processes.Megabytes(receiver.Roots), waits);
    }

    private async Task SendAsync(IReceiver receiver, int count, CancellationToken cancel)
    {
        string[] words =
        [
            .. Reused ? ["-d"] : Array.Empty<string>(),
            "-s", Text(Sessions), "-m", Text(count), "-l", Text(Bytes), "-C", "10",
            "-M", "client.fabrikam.example", "-f", "ann@fabrikam.example", "-t", receiver.Recipient, $"127.0.0.1:{receiver.Port}",
        ];
        using var source = Process.Start(new ProcessStartInfo("smtp-source", words) { RedirectStandardError = true })
            ?? throw new DevFault("smtp-source did not start: apt-get install postfix");
        var complaint = await source.StandardError.ReadToEndAsync(cancel);
        await source.WaitForExitAsync(cancel);
        if (source.ExitCode != 0) throw new DevFault($"{receiver.Name}, {Name}: {complaint.Trim()}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What one run came to.</summary>
/// <param name="Server">Seconds of processor of all its processes, from the first connection to the last 250.</param>
/// <param name="Generator">Likewise.</param>
/// <param name="Megabytes">Right after the run.</param>
/// <param name="Waits">Milliseconds that the probe's mails took to their 250.</param>
internal sealed record Sample(int Mails, double Seconds, double Server, double Generator, double Megabytes, IReadOnlyList<double> Waits)
{
    public double Rate => Mails / Seconds;
    public double ServerMilliseconds => Server * 1000 / Mails;
    public double GeneratorMilliseconds => Generator * 1000 / Mails;
}
