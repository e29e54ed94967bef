using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using Passerelle.Dev.Soak;
using Passerelle.Gateway.Store;

namespace Passerelle.Journey.Tests.Cluster;

/// <summary>The recipe of docs/operators.md for two machines, line by line: only folders and addresses are those of this one.</summary>
public sealed partial class RecipeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_operators_guide_says_makes_a_cluster_of_two()
    {
        Assert.SkipUnless(
            ThrowAwayPostgres.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
        var commands = Recipe();
        Assert.Equal(2, commands.Count);
        await using var postgres = await ThrowAwayPostgres.StartAsync();
        var database = await postgres.NewDatabaseAsync();
        var root = Directory.CreateTempSubdirectory("passerelle-recipe-").FullName;
        try
        {
            using var first = Start(commands[0], root, "one", database);
            await WhenAsync(database, ["mail-a 127.0.0.11"], first);
            using var second = Start(commands[1], root, "two", database);
            await WhenAsync(database, ["mail-a 127.0.0.11", "mail-b 127.0.0.12"], first, second);
            foreach (var node in (Process[])[second, first])
            {
                using var stop = Process.Start("kill", ["-TERM", $"{node.Id}"]);
                await node.WaitForExitAsync(Cancel);
                Assert.Equal(0, node.ExitCode);
            }
            await WhenAsync(database, []);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <returns>The commands of the section, in its order.</returns>
    private static List<string> Recipe()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // the tests live inside it
        var section = Section().Match(File.ReadAllText(Path.Combine(folder.FullName, "docs", "operators.md"))).Value;
        return [.. Serve().Matches(section).Select(command => command.Groups[1].Value)];
    }

    /// <param name="machine">Its own disk.</param>
    private static Process Start(string command, string root, string machine, string database)
    {
        var here = command
            .Replace("/var/lib/passerelle/data", Path.Combine(root, machine, "data"), StringComparison.Ordinal)
            .Replace("/var/lib/passerelle-key/key", Path.Combine(root, "key"), StringComparison.Ordinal) // copied, says the guide
            .Replace("/srv/passerelle", Path.Combine(root, "shared"), StringComparison.Ordinal)
            .Replace("=10.0.0.", "=127.0.0.", StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(root, machine));
        Assert.DoesNotContain(" /", here.Replace($" {root}", "", StringComparison.Ordinal), StringComparison.Ordinal); // nothing of another machine is left
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(IStore).Assembly.Location, .. here.Split(' '), "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0", "--Logging:LogLevel:Default=Warning"]);
        start.Environment["Store__Postgres"] = database;
        return Process.Start(start)!; // a new process: only shell execution reuses one
    }

    private static async Task WhenAsync(string database, string[] living, params Process[] nodes)
    {
        await using var source = NpgsqlDataSource.Create(database);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(Patience);
        while (!(await LivingAsync(source, deadline.Token)).SequenceEqual(living))
        {
            Assert.All(nodes, node => Assert.False(node.HasExited, "A node of the recipe has ended"));
            await Task.Delay(100, deadline.Token);
        }
    }

    private static async Task<List<string>> LivingAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var found = new List<string>();
        try
        {
            await using var command = source.CreateCommand("SELECT name || ' ' || address FROM node WHERE status = 3 ORDER BY name");
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) found.Add(reader.GetString(0));
        }
        catch (PostgresException tooEarly) when (tooEarly.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // the first node has not made it yet
        }
        return found;
    }

    [GeneratedRegex("^## Several machines$.*?(?=^## )", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("^passerelle (serve .*)$", RegexOptions.Multiline)]
    private static partial Regex Serve();
}
