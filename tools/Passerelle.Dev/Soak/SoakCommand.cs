using System.CommandLine;
using System.Text.Json;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak.Cluster;
using Passerelle.Dev.Soak.Once;
using Passerelle.Dev.Soak.Read;
using Passerelle.Dev.Soak.Send;
using Passerelle.Dev.Soak.Tokens;

namespace Passerelle.Dev.Soak;

/// <summary><c>./dev soak NAME</c>: long proofs that are run in pieces; what was done is kept in a file.</summary>
internal static class SoakCommand
{
    private const string Recovery = "recovery";
    private const string Tokens = "tokens";
    private const string Crowd = "crowd";
    private const string OnceName = "once";
    private const string Reading = "read";
    private const string Several = "cluster";
    private const string Sending = "send";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Make()
    {
        var name = new Argument<string>("name") { Description = "recovery: kills and outages under load, nothing lost, nothing answered twice; tokens: simulated days of many apps, nothing dies unseen; crowd: memory under 10,000 connections; read: every file of the corpora, cut and damaged; once: a fault at every step of a submission, no letter twice, none lost; cluster: two nodes, one stopped, killed and come back, one frozen and woken; how fast two are beside one; send: every app at its mailbox's limit for minutes, while bulk waits" };
        name.AcceptOnlyFromAmong(Recovery, Tokens, Crowd, Reading, OnceName, Several, Sending);
        var of = new Option<string>("--of") { Description = "recovery: what is struck; the database's need --store postgres", DefaultValueFactory = _ => RecoverySoak.Gateway };
        of.AcceptOnlyFromAmong(RecoverySoak.All);
        var kills = new Option<int>("--kills") { Description = "Kills or outages in all, those of earlier runs included", DefaultValueFactory = _ => 100 };
        var runs = new Option<int>("--runs") { Description = "once: letters in all, each under a fault of its own, those of earlier runs included", DefaultValueFactory = _ => 2000 };
        var store = new Option<string>("--store") { Description = "sqlite or postgres", DefaultValueFactory = _ => RecoverySoak.Sqlite };
        store.AcceptOnlyFromAmong(RecoverySoak.Sqlite, RecoverySoak.Postgres);
        var minutes = new Option<int?>("--minutes") { Description = "Begin no round after this long (60); the next call goes on. send: how long is measured (10)" };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output" };
        var file = new Option<FileInfo?>("--file") { Description = "Where results are appended; artifacts/soak/NAME.jsonl without it" };
        var apps = new Option<int?>("--apps") { Description = "tokens and cluster: apps of one directory (200); send: apps (1000)" };
        var bulk = new Option<int>("--bulk") { Description = "send: letters of bulk that wait from the beginning, of each app", DefaultValueFactory = _ => 500 };
        var days = new Option<int>("--days") { Description = "tokens: simulated days", DefaultValueFactory = _ => 30 };
        var seed = new Option<int>("--seed") { Description = "read: another number damages the files in other ways", DefaultValueFactory = _ => 1 };
        var corpora = new Option<DirectoryInfo>("--corpora") { Description = "read: the folder of files", DefaultValueFactory = _ => new DirectoryInfo("../shared/corpora") };
        var command = new Command("soak", "Prove over hours what a test can only show") { name, of, kills, runs, store, minutes, json, file, apps, bulk, days, seed, corpora };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = (parsed.GetValue(file) ?? new FileInfo($"artifacts/soak/{parsed.GetRequiredValue(name)}.jsonl")).FullName;
            var longest = TimeSpan.FromMinutes(parsed.GetValue(minutes) ?? 60);
            SoakResult result;
            try
            {
                if (parsed.GetRequiredValue(name) == Crowd) return await CrowdAsync(parsed.GetValue(json), cancel);
                if (parsed.GetRequiredValue(name) == Reading)
                {
                    var soak = new ReadSoak(path, parsed.GetRequiredValue(corpora).FullName, parsed.GetRequiredValue(seed), Console.Error);
                    await soak.RunAsync(longest, cancel);
                    result = await soak.ResultAsync(CancellationToken.None);
                }
                else if (parsed.GetRequiredValue(name) == Sending)
                {
                    result = await new SendSoak(path, Console.Error).RunAsync(parsed.GetValue(apps) ?? 1000, parsed.GetValue(bulk), parsed.GetValue(minutes) ?? 10, cancel);
                }
                else if (parsed.GetRequiredValue(name) == Several)
                {
                    result = await new ClusterSoak(path, Console.Error).RunAsync(parsed.GetValue(apps) ?? 200, cancel);
                }
                else if (parsed.GetRequiredValue(name) == Tokens)
                {
                    var soak = new TokenSoak(path, Console.Error);
                    await soak.RunAsync(1, parsed.GetValue(apps) ?? 200, parsed.GetValue(days), longest, cancel);
                    result = await soak.ResultAsync(CancellationToken.None);
                }
                else if (parsed.GetRequiredValue(name) == OnceName)
                {
                    var soak = new OnceSoak(path, parsed.GetRequiredValue(store), Console.Error);
                    await soak.RunAsync(parsed.GetValue(runs), longest, cancel);
                    result = await soak.ResultAsync(CancellationToken.None);
                }
                else
                {
                    var soak = new RecoverySoak(path, parsed.GetRequiredValue(of), parsed.GetRequiredValue(store), Console.Error);
                    await soak.RunAsync(parsed.GetValue(kills), longest, cancel);
                    result = await soak.ResultAsync(CancellationToken.None);
                }
            }
            catch (DevFault fault)
            {
                await Console.Error.WriteLineAsync(fault.Message);
                return 1;
            }
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(result, Json) : result.ToTable());
            return result.IsClean ? 0 : 1;
        });
        return command;
    }

    private static async Task<int> CrowdAsync(bool json, CancellationToken cancel)
    {
        await using var crowd = new CrowdMeasure(Console.Error);
        var rows = await crowd.RunAsync(cancel);
        await Console.Out.WriteLineAsync(json
            ? JsonSerializer.Serialize(new { soak = Crowd, date = TimeProvider.System.GetUtcNow(), rows }, Json)
            : string.Join(Environment.NewLine, rows.Select(row => FormattableString.Invariant($"{row.Case}: {row.Ours:0.0} {row.Unit}, at most {row.Required}"))));
        return rows.All(row => row.IsMet) ? 0 : 1;
    }
}
