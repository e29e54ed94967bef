using System.CommandLine;
using System.Text.Json;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Soak;

/// <summary><c>./dev soak NAME</c>: long proofs that are run in pieces; what was done is kept in a file.</summary>
internal static class SoakCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "recovery: kill -9 under load, nothing lost, nothing answered twice" };
        name.AcceptOnlyFromAmong("recovery");
        var kills = new Option<int>("--kills") { Description = "Kills in all, those of earlier runs included", DefaultValueFactory = _ => 100 };
        var store = new Option<string>("--store") { Description = "sqlite or postgres", DefaultValueFactory = _ => RecoverySoak.Sqlite };
        store.AcceptOnlyFromAmong(RecoverySoak.Sqlite, RecoverySoak.Postgres);
        var minutes = new Option<int>("--minutes") { Description = "Begin no round after this long; the next call goes on", DefaultValueFactory = _ => 60 };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output" };
        var file = new Option<FileInfo>("--file") { Description = "Where results are appended", DefaultValueFactory = _ => new("artifacts/soak/recovery.jsonl") };
        var command = new Command("soak", "Prove over hours what a test can only show") { name, kills, store, minutes, json, file };
        command.SetAction(async (parsed, cancel) =>
        {
            var soak = new RecoverySoak(parsed.GetRequiredValue(file).FullName, parsed.GetRequiredValue(store), Console.Error);
            try
            {
                await soak.RunAsync(parsed.GetValue(kills), TimeSpan.FromMinutes(parsed.GetValue(minutes)), cancel);
            }
            catch (DevFault fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 1;
            }
            var result = await soak.ResultAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(result, Json) : result.ToTable());
            return result.IsClean ? 0 : 1;
        });
        return command;
    }
}
