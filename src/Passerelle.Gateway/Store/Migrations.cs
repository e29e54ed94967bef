using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Passerelle.Gateway.Store;

/// <summary>
/// The numbered scripts that bring a store to this release: forward only, in order, each in one transaction that also
/// records it. A script never makes what the previous release cannot read.
/// </summary>
internal static class Migrations
{
    private const string Prefix = "Passerelle.Gateway.Store.Scripts.";

    /// <summary>This release, as it names itself in a store.</summary>
    public static string Release { get; } = typeof(Migrations).Assembly.GetName().Version!.ToString(3); // always set by the build

    /// <param name="kind"><c>sqlite</c> or <c>postgres</c>.</param>
    /// <exception cref="StoreIsNewer">A later release has written it: nothing was touched.</exception>
    public static void Apply(DbConnection connection, string kind, DateTimeOffset now) =>
        Apply(connection, Embedded(kind), Release, now);

    internal static void Apply(DbConnection connection, IReadOnlyList<Script> scripts, string release, DateTimeOffset now)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS migration (number bigint PRIMARY KEY, name text NOT NULL, release text NOT NULL, applied_at bigint NOT NULL)");
        var applied = connection.Query<Applied>("SELECT number, name, release FROM migration ORDER BY number").AsList();
        if (applied.LastOrDefault() is { } last && last.Number > scripts[^1].Number)
            throw new StoreIsNewer(last.Release, last.Name, release, scripts[^1].Name);
        foreach (var script in scripts.Where(script => applied.All(done => done.Number != script.Number)))
            ApplyOne(connection, script, release, now);
    }

    private static void ApplyOne(DbConnection connection, Script script, string release, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction();
        using (var command = connection.CreateCommand())
        {
            command.Transaction = transaction;
            command.CommandText = script.Sql;
            command.ExecuteNonQuery();
        }
        connection.Execute(
            "INSERT INTO migration (number, name, release, applied_at) VALUES (@Number, @Name, @release, @at)",
            new { script.Number, script.Name, release, at = now.ToUnixTimeMilliseconds() },
            transaction);
        transaction.Commit();
    }

    internal static IReadOnlyList<Script> Embedded(string kind)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith($".{kind}.sql", StringComparison.Ordinal)
               let name = resource[Prefix.Length..^$".{kind}.sql".Length]
               orderby name
               select new Script(long.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, Read(assembly, resource)),
        ];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!); // its name was just listed
        return text.ReadToEnd();
    }

    /// <param name="Number">From 1, rising; what a store lacks is applied, also below its latest.</param>
    /// <param name="Name">The file's name without its kind: <c>0001-ground</c>.</param>
    internal sealed record Script(long Number, string Name, string Sql);

    private sealed record Applied(long Number, string Name, string Release);
}

/// <summary>An older release would misread what a newer one wrote, so it refuses to start.</summary>
internal sealed class StoreIsNewer(string storeRelease, string storeScript, string ownRelease, string ownScript) : Exception(
    $"This store was written by Passerelle {storeRelease} (script {storeScript}); this is {ownRelease}, which knows scripts up to {ownScript}. Start {storeRelease} or later, or restore a backup made by {ownRelease}.");
