using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

public sealed partial class MigrationTests
{
    private static readonly Migrations.Script First = new(1, "0001-first", "CREATE TABLE one (a); CREATE TABLE two (a);");

    [Fact]
    public void Scripts_run_in_order_and_each_only_once()
    {
        using var connection = Memory();
        Migrations.Apply(connection, [First], "1.0.0", DateTimeOffset.UnixEpoch);
        Migrations.Apply(connection, [First, new(2, "0002-second", "INSERT INTO one VALUES (7)")], "1.1.0", DateTimeOffset.UnixEpoch);
        Migrations.Apply(connection, [First, new(2, "0002-second", "INSERT INTO one VALUES (7)")], "1.1.0", DateTimeOffset.UnixEpoch);

        Assert.Equal("1.0.0,1.1.0", Ask(connection, "SELECT group_concat(release) FROM migration"));
        Assert.Equal(1L, Ask(connection, "SELECT COUNT(*) FROM one"));
    }

    [Fact]
    public void A_script_that_fails_half_way_leaves_nothing_and_is_tried_again()
    {
        using var connection = Memory();
        Assert.Throws<SqliteException>(() => Migrations.Apply(
            connection, [new(1, "0001-first", "CREATE TABLE one (a); CREATE TABLE one (a);")], "1.0.0", DateTimeOffset.UnixEpoch));
        Assert.Equal(0L, Ask(connection, "SELECT COUNT(*) FROM migration"));

        Migrations.Apply(connection, [First], "1.0.0", DateTimeOffset.UnixEpoch);
        Assert.Equal(0L, Ask(connection, "SELECT COUNT(*) FROM two"));
    }

    [Fact]
    public void A_later_store_is_refused_with_both_releases_named()
    {
        using var connection = Memory();
        Migrations.Apply(connection, [First, new(2, "0002-second", "SELECT 1")], "2.0.0", DateTimeOffset.UnixEpoch);
        var refusal = Assert.Throws<StoreIsNewer>(() => Migrations.Apply(connection, [First], "1.0.0", DateTimeOffset.UnixEpoch));
        Assert.Equal(
            "This store was written by Passerelle 2.0.0 (script 0002-second); this is 1.0.0, which knows scripts up to 0001-first. "
            + "Start 2.0.0 or later, or restore a backup made by 1.0.0.",
            refusal.Message);
    }

    [Fact]
    public void Both_stores_have_the_same_scripts_with_the_same_tables_and_columns()
    {
        var (sqlite, postgres) = (Migrations.Embedded("sqlite"), Migrations.Embedded("postgres"));
        Assert.Equal(sqlite.Select(script => script.Name), postgres.Select(script => script.Name));
        Assert.Equal(sqlite.Select(script => script.Number).Distinct().Order(), sqlite.Select(script => script.Number));
        foreach (var (ours, theirs) in sqlite.Zip(postgres))
        {
            var virtually = Virtual().Matches(ours.Sql).Select(table => table.Groups["name"].Value).ToList(); // an index of words, which PostgreSQL has as a table
            Assert.Equal(Columns(ours.Sql), Columns(theirs.Sql).Where(column => !virtually.Contains(column.Split('.')[0])));
        }
    }

    [Fact]
    public void Every_owned_table_has_the_organisation_first_in_its_key()
    {
        Assert.All(OwnedTables.All(), table => Assert.Contains("PRIMARY KEY (organisation_id,", table.Value, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Columns(string sql) =>
        from Match table in Table().Matches(sql)
        from Match column in Column().Matches(table.Groups["columns"].Value)
        where column.Groups["name"].Value != "PRIMARY"
        select $"{table.Groups["name"].Value}.{column.Groups["name"].Value} {(column.Value.Contains("NOT NULL", StringComparison.Ordinal) ? "required" : "")}";

    private static SqliteConnection Memory()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    [GeneratedRegex(@"CREATE TABLE (?<name>\w+) \((?<columns>.*?)^\)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Table();

    [GeneratedRegex(@"CREATE VIRTUAL TABLE (?<name>\w+)")]
    private static partial Regex Virtual();

    [GeneratedRegex(@"^    (?<name>\w+)\s+\w+[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Column();
}
