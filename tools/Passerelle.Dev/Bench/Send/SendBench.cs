using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Send;

/// <summary>
/// Our sender and nodemailer's pool, each a process of its own, into one sink: the same mail, connections, TLS and tokens, in turn and
/// round about, so that whatever else the machine does meets all of them.
/// </summary>
internal static class SendBench
{
    private const string Submission = "submission";
    private const string Whole = "whole path";
    private const string Nodemailer = "nodemailer";
    private const int MailBytes = 5000;

    /// <exception cref="DevFault">nodemailer is missing, or a mail was not taken.</exception>
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(bool quick, TextWriter progress, CancellationToken cancel)
    {
        var modules = Path.Combine(await NpmFolder.InstallAsync(Nodemailer, Source, progress, cancel), "node_modules");
        var folder = Directory.CreateTempSubdirectory("passerelle-bench-send-").FullName;
        try
        {
            var mail = Path.Combine(folder, "mail");
            await File.WriteAllTextAsync(mail, Mail, cancel);
            var certificate = Path.Combine(folder, "ca.pem");
            var (sink, port) = await SenderProcess.StartAsync("The sink", "dotnet", [.. Self, "sink", "--certificate", certificate], null, cancel);
            await using var held = sink;
            var rows = new List<BenchRow>();
            foreach (var apps in quick ? (int[])[1] : [1, 10, 1000])
            {
                progress.WriteLine($"{apps} {(apps == 1 ? "app" : "apps")} ...");
                rows.AddRange(await MeasureAsync(apps, port, certificate, mail, modules, sink, quick ? 3 : 5, quick ? 1 : 2, cancel));
            }
            return rows;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Source => Path.Combine(AppContext.BaseDirectory, "Bench", "Send", "nodemailer");

    private static string[] Self => ["exec", typeof(SendBench).Assembly.Location];

    private static string Mail =>
        "From: Support <support@contoso.example>\r\nTo: ann@fabrikam.example\r\nSubject: A report\r\nMessage-ID: <1@contoso.example>\r\n"
        + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        + string.Concat(Enumerable.Repeat("What was ordered is on its way, and this line is as long as others are.\r\n", MailBytes / 74));

    /// <param name="seconds">How long a run takes, about: the faster one gets more mails.</param>
    private static async Task<IReadOnlyList<BenchRow>> MeasureAsync(
        int apps, string port, string certificate, string mail, string modules, SenderProcess sink, int runs, double seconds, CancellationToken cancel)
    {
        await using var senders = new Senders();
        string[] ours = [.. Self, "sender", "--port", port, "--certificate", certificate, "--mail", mail, "--apps", apps.ToString(CultureInfo.InvariantCulture)];
        await senders.AddAsync(Submission, "dotnet", ours, null, cancel);
        await senders.AddAsync(Whole, "dotnet", [.. ours, "--whole"], null, cancel);
        await senders.AddAsync(Nodemailer, "node", [Path.Combine(Source, "pool.js")], new Dictionary<string, string>
        {
            ["BENCH_MODULES"] = modules,
            ["BENCH_PORT"] = port,
            ["BENCH_CA"] = certificate,
            ["BENCH_MAIL"] = mail,
            ["BENCH_APPS"] = apps.ToString(CultureInfo.InvariantCulture),
            ["BENCH_CONNECTIONS"] = OurSender.Connections.ToString(CultureInfo.InvariantCulture),
        }, cancel);
        var few = Math.Max(2000, apps * OurSender.Connections * 2);
        var counts = new Dictionary<string, int>();
        foreach (var sender in senders.All)
        {
            for (var warm = 0; warm < 3; warm++) // connections are opened, and both runtimes compile as they go
            {
                counts[sender.Name] = Math.Max(few, (int)((await sender.RunAsync(few, sink, cancel)).Rate * seconds));
            }
        }
        var samples = senders.All.ToDictionary(sender => sender.Name, _ => new List<Sample>());
        for (var run = 0; run < runs; run++)
        {
            foreach (var sender in senders.All) samples[sender.Name].Add(await sender.RunAsync(counts[sender.Name], sink, cancel));
        }
        return [.. Rows(apps, samples)];
    }

    private static IEnumerable<BenchRow> Rows(int apps, Dictionary<string, List<Sample>> samples)
    {
        var runs = samples[Submission].Count;
        var isHeart = apps == 1;
        foreach (var (what, rate, processor) in ((string, double, double?)[])[(Submission, 1.5, 0.5), (Whole, 1, null)])
        {
            var name = $"{what}, {apps} {(apps == 1 ? "app" : "apps")}";
            yield return Row(name, "mails/s", one => one.Rate, isHeart ? rate : null);
            yield return Row($"{name}: processor of the sender", "ms/mail", one => one.Milliseconds, isHeart ? processor : null);
            yield return Row($"{name}: memory", "MB", one => one.Megabytes, null);
            yield return Row($"{name}: processor of the sink", "ms/mail", one => one.SinkMilliseconds, null);

            BenchRow Row(string title, string unit, Func<Sample, double> value, double? required) => new(
                title, unit, Median(samples[what], value), required, runs, Median(samples[Nodemailer], value), Nodemailer);
        }
    }

    private static double Median(List<Sample> runs, Func<Sample, double> what) => runs.Select(what).Order().ElementAt(runs.Count / 2);

    /// <summary>They end together.</summary>
    private sealed class Senders : IAsyncDisposable
    {
        public List<SenderProcess> All { get; } = [];

        public async Task AddAsync(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel) =>
            All.Add((await SenderProcess.StartAsync(name, program, arguments, environment, cancel)).Process);

        public async ValueTask DisposeAsync()
        {
            foreach (var sender in All) await sender.DisposeAsync();
        }
    }
}
