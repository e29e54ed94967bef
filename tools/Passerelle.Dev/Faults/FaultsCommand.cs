using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Faults;

/// <summary>
/// <c>./dev faults</c>: for every row a fresh directory with everything right and a connected app of a gateway, then the fault, then <c>passerelle doctor</c> as a process of its own. What it names first is held against the row.
/// </summary>
internal static class FaultsCommand
{
    /// <summary>Of all rows, the part that must be named.</summary>
    private const double Needed = 0.95;

    public static Command Make()
    {
        var list = new Option<string>("--list") { Description = "The rows", DefaultValueFactory = _ => "../shared/facts/faults.json" };
        var only = new Option<string[]>("--only") { Description = "Only these ids", AllowMultipleArgumentsPerToken = true };
        var jobs = new Option<int>("--jobs") { Description = "Rows at a time", DefaultValueFactory = _ => 2 };
        var page = new Option<string?>("--page") { Description = "Write the table there, as Markdown" };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output instead of the table" };
        var command = new Command("faults", "Set every fault and ask the doctor") { list, only, jobs, page, json };
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                var wanted = parsed.GetValue(only) ?? [];
                FaultRow[] rows = [.. FaultRow.ReadAll(parsed.GetRequiredValue(list)).Where(row => wanted.Length == 0 || wanted.Contains(row.Id))];
                var results = await RunAsync(rows, parsed.GetValue(jobs), cancel);
                if (parsed.GetValue(page) is { } file) await File.WriteAllTextAsync(file, FaultsPage.Of(results), cancel);
                Console.WriteLine(parsed.GetValue(json) ? Json(results) : FaultsPage.Table(results));
                return IsEnough(results) ? 0 : 1;
            }
            catch (DevFault fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 1;
            }
        });
        return command;
    }

    private static async Task<IReadOnlyList<FaultResult>> RunAsync(IReadOnlyList<FaultRow> rows, int jobs, CancellationToken cancel)
    {
        var root = Directory.CreateTempSubdirectory("passerelle-faults-").FullName;
        try
        {
            await using var lab = await LabProcess.StartAsync(Prepared(root), DevFolder.AnyPorts(), cancel);
            await using var shared = await FaultGateway.StartAsync(lab.Connection, "all", [.. rows.Index().Select(row => Name(row.Index))], cancel);
            var results = new ConcurrentDictionary<string, FaultResult>();
            await Parallel.ForEachAsync(rows.Index(), new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel }, async (row, stop) =>
            {
                var result = await TryAsync(lab, shared, Name(row.Index), row.Item, stop);
                results[row.Item.Id] = result;
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{results.Count,2}/{rows.Count} {(result.IsNamed ? "+" : "!")} {result.Row.Id,-26} {result.FoundStep,-4} {result.Seconds,5:0.0} s  {(result.IsNamed ? "" : result.Words)}"));
            });
            return [.. rows.Select(row => results[row.Id])];
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static DevFolder Prepared(string root)
    {
        var folder = new DevFolder(root);
        Directory.CreateDirectory(folder.Lab);
        return folder;
    }

    /// <summary>Of the lab of a row.</summary>
    private static string Name(int row) => $"f{row}";

    /// <summary>A row that cannot be set counts as not named, with the reason.</summary>
    private static async Task<FaultResult> TryAsync(LabProcess lab, FaultGateway shared, string name, FaultRow row, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        if (Setups.Of(row.Id) is not { } set) return new(row, "", "Nobody has written down how it is set", "", 0);
        try
        {
            if (!Setups.WantsGatewayOfItsOwn(row.Id)) return await AskAsync(lab, shared, name, row, set, cancel);
            await using var gateway = await FaultGateway.StartAsync(lab.Connection, name, [name], cancel);
            return await AskAsync(lab, gateway, name, row, set, cancel);
        }
        catch (Exception failure) when (failure is DevFault or HttpRequestException or Lab.Testing.LabRefusedException or InvalidOperationException)
        {
            return new(row, "", $"Not set: {failure.Message}", "", Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
    }

    private static async Task<FaultResult> AskAsync(LabProcess lab, FaultGateway gateway, string name, FaultRow row, SetFault set, CancellationToken cancel)
    {
        var scene = await FaultScene.MakeAsync(lab.Connection, name, gateway, cancel);
        await set(scene, cancel);
        var answer = await gateway.DoctorAsync(scene.AppId, cancel);
        return new(row, answer.Step, answer.Detail, answer.Fix, answer.Seconds);
    }

    private static bool IsEnough(IReadOnlyCollection<FaultResult> results) =>
        results.Count(result => result.IsNamed) >= Needed * results.Count
        && results.All(result => result.IsNamed || result.Row.ExpectedStep[0] is not ('E' or 'G'));

    private static string Json(IEnumerable<FaultResult> results) => JsonSerializer.Serialize(new
    {
        rows = results.Select(result => new { id = result.Row.Id, foundStep = result.FoundStep, seconds = Math.Round(result.Seconds, 2) }),
    });
}
