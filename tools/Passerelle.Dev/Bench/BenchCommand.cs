using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Passerelle.Dev.Bench.Messages;
using Passerelle.Dev.Bench.Receive;
using Passerelle.Dev.Bench.Send;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench;

/// <summary><c>./dev bench NAME</c>: numbers of this machine.</summary>
internal static class BenchCommand
{
    private const string Postgres = "postgres";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Make()
    {
        var name = new Argument<string>("name")
        {
            Description = "lab: labs in one process, tokens by the second, a reset. read: mails understood by the second, and what takes the time. "
                + "receive: our receiver beside Postfix and Haraka. send: our sender beside nodemailer's pool. messages: searches and message pages of a million messages",
        };
        name.AcceptOnlyFromAmong("lab", "read", "receive", "send", "messages");
        var quick = new Option<bool>("--quick") { Description = "The cases that something is required of, fewer runs: within a minute" };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of the table" };
        var page = new Option<string?>("--page") { Description = "A Markdown page whose table is written anew (read, receive, send, messages)" };
        var store = new Option<string>("--store") { Description = "messages: sqlite or postgres", DefaultValueFactory = _ => "sqlite" };
        store.AcceptOnlyFromAmong("sqlite", Postgres);
        var keep = new Option<string?>("--keep") { Description = "messages: a folder in which the filled store stays, and is taken from the next time" };
        var only = new Option<string[]>("--only")
        {
            Description = "Only these receivers (receive); a page needs all of them; --quick leaves PostgreSQL out unless it is named here",
            AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong([.. ReceiveBench.Names]);
        var command = new Command("bench", "Measure on this machine") { name, quick, json, page, store, keep, only };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var rows = await RunAsync(parsed.GetRequiredValue(name), parsed.GetValue(quick), parsed.GetValue(only) ?? [], parsed.GetValue(page), parsed.GetValue(store) is Postgres, parsed.GetValue(keep), cancel);
                Console.WriteLine(parsed.GetValue(json) ? Document(parsed.GetRequiredValue(name), rows) : Table(rows));
                if (parsed.GetValue(page) is { } file && BenchPage.IsOf(parsed.GetRequiredValue(name))) BenchPage.Write(file, parsed.GetValue(store) is Postgres ? $"{parsed.GetRequiredValue(name)} {Postgres}" : parsed.GetRequiredValue(name), rows);
                return rows.All(row => row.IsMet) ? 0 : 1;
            }
            catch (DevFault fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 2;
            }
        });
        return command;
    }

    public static string Machine => $"{Environment.ProcessorCount} cores, {Processor()}";

    public static string Today => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<BenchRow>> RunAsync(string name, bool quick, string[] only, string? page, bool onPostgres, string? keep, CancellationToken cancel)
    {
        if (name == "lab") return await LabBench.RunAsync(quick, cancel);
        if (name == "read") return ReadBench.Run(quick, cancel);
        if (name == "send") return await SendBench.RunAsync(quick, Console.Error, cancel);
        if (name == "messages") return await MessagesBench.RunAsync(quick, onPostgres, keep, Console.Error, cancel);
        var receivers = only.Length > 0 ? only : quick ? ReceiveBench.QuickNames : ReceiveBench.Names;
        if (page is not null && (quick || receivers.Count < ReceiveBench.Names.Count)) throw new DevFault("A page needs all receivers and loads: leave --only and --quick out");
        var results = await ReceiveBench.RunAsync(quick, receivers, Console.Error, cancel);
        if (page is not null) ReceivePage.Write(page, results);
        return ReceiveRows.Of(results);
    }

    private static string Document(string name, IReadOnlyList<BenchRow> rows) => JsonSerializer.Serialize(new
    {
        bench = name,
        machine = Machine,
        date = Today,
        rows = rows.Select(row => new
        {
            @case = row.Case,
            unit = row.Unit,
            ours = Math.Round(row.Ours, 3),
            peer = row.Peer is { } peer ? Math.Round(peer, 3) : (double?)null,
            peerName = row.PeerName,
            ratio = row.Ratio is { } ratio ? Math.Round(ratio, 3) : (double?)null,
            required = row.Required,
            runs = row.Runs,
        }),
    }, Json);

    private static string Table(IReadOnlyList<BenchRow> rows) => string.Join('\n', rows.Select(row => string.Create(CultureInfo.InvariantCulture,
        $"{row.Case,-58} {row.Ours,9:0.##} {row.Unit,-9} {(row.Peer is { } peer ? $"{row.PeerName} {peer.ToString("0.##", CultureInfo.InvariantCulture)}" : ""),-18} {(row.Ratio is { } ratio ? $"x {ratio.ToString("0.00", CultureInfo.InvariantCulture)}" : ""),-8} {Wanted(row)}")));

    private static string Wanted(BenchRow row) => row.Required is { } required
        ? string.Create(CultureInfo.InvariantCulture, $"wanted {required}{(row.IsMet ? "" : "  MISSED")}")
        : "";

    private static string Processor()
    {
        const string Known = "/proc/cpuinfo";
        if (!File.Exists(Known)) return Environment.OSVersion.Platform.ToString();
        var model = File.ReadLines(Known).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return model is null ? "Linux" : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
