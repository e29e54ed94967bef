using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Bench;

/// <param name="Required">What the issue asks for; seconds, MB and ms at most, rates at least. Null where it only informs.</param>
internal sealed record BenchRow(string Case, string Unit, double Ours, double? Required, int Runs)
{
    public bool IsMet => Required is not { } required || (Unit == "1/s" ? Ours >= required : Ours <= required);
}

/// <summary><c>./dev bench NAME</c>: numbers of this machine, as JSON.</summary>
internal static class BenchCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "lab: labs in one process, tokens by the second, a reset; read: mails understood by the second, and what takes the time" };
        name.AcceptOnlyFromAmong("lab", "read");
        var quick = new Option<bool>("--quick") { Description = "One run of each, within a minute" };
        var command = new Command("bench", "Measure on this machine") { name, quick };
        command.SetAction(async (parsed, cancel) =>
        {
            IReadOnlyList<BenchRow> rows = parsed.GetValue(name) is "read"
                ? ReadBench.Run(parsed.GetValue(quick), cancel)
                : await LabBench.RunAsync(parsed.GetValue(quick), cancel);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                bench = parsed.GetValue(name),
                machine = $"{Environment.ProcessorCount} cores, {Environment.OSVersion.Platform}",
                date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                rows = rows.Select(row => new
                {
                    @case = row.Case,
                    unit = row.Unit,
                    ours = Math.Round(row.Ours, 2),
                    peer = (double?)null,
                    peerName = (string?)null,
                    ratio = (double?)null,
                    required = row.Required,
                    runs = row.Runs,
                }),
            }, Json));
            return rows.All(row => row.IsMet) ? 0 : 1;
        });
        return command;
    }
}
