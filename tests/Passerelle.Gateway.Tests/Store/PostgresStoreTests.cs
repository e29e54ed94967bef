using Dapper;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

public sealed class PostgresStoreTests : StoreContract
{
    private protected override Task<StoreFolder> NewFolderAsync() => StoreFolder.OnPostgresAsync();

    [Fact]
    public async Task Sixteen_slow_reads_run_side_by_side_from_the_first_second()
    {
        await using var folder = await StoreFolder.OnPostgresAsync();
        var store = folder.Open();
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.ReadAsync(
            tx => tx.Across("test").One<long>("SELECT COUNT(*) FROM (SELECT pg_sleep(0.5)) slow"), TestContext.Current.CancellationToken)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.5, 2.5);
    }

    [Fact]
    public async Task Every_owned_table_is_behind_forced_row_level_security()
    {
        var open = await Store.ReadAsync(
            tx => tx.Across("test").List<string>(
                """
                SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
                WHERE c.relkind = 'r' AND c.relname <> 'session' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                """),
            Cancel);
        Assert.Empty(open);
    }

    [Fact]
    public async Task A_statement_that_forgets_the_organisation_still_sees_and_changes_only_its_own_rows()
    {
        var (ours, theirs) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7(DateTimeOffset.UnixEpoch));
        await Store.WriteAsync(Lane.Work, tx => Audit(tx, ours) + Audit(tx, theirs), Cancel);

        Assert.Equal([ours], await Store.ReadAsync(tx => tx.For(ours).List<Guid>("SELECT organisation_id FROM audit"), Cancel));
        Assert.Equal(1, await Store.WriteAsync(Lane.Work, tx => tx.For(ours).Execute("DELETE FROM audit"), Cancel));
        Assert.Equal([theirs], await Store.ReadAsync(tx => tx.Across("test").List<Guid>("SELECT organisation_id FROM audit"), Cancel));
    }

    [Fact]
    public async Task A_row_for_another_organisation_cannot_be_written()
    {
        var (ours, theirs) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7(DateTimeOffset.UnixEpoch));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Store.WriteAsync(
            Lane.Work,
            tx => tx.For(ours).Execute(
                "INSERT INTO audit (organisation_id, id, at, action, subject, detail) VALUES (@theirs, @theirs, 0, '', '', '')", new { theirs }),
            Cancel));
    }

    [Fact]
    public async Task A_role_that_row_level_security_does_not_bind_is_refused()
    {
        await using var folder = await StoreFolder.OnPostgresAsync();
        var options = new StoreOptions { DataFolder = folder.Data, Postgres = PostgresServer.AsSuperuser(folder.Options.Postgres!) }; // set by the folder
        var refusal = Assert.Throws<InvalidOperationException>(() => Opening.Open(options));
        Assert.Contains("row-level security", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_lost_in_the_middle_is_the_stores_failure_and_the_next_write_works()
    {
        await Assert.ThrowsAsync<StoreUnavailable>(() => Store.WriteAsync(
            Lane.Work, tx => Put(tx, "a", "1") + tx.Across("test").Execute("SELECT pg_terminate_backend(pg_backend_pid())"), Cancel));
        Assert.Equal(1, await PutAsync("b", "1"));
        Assert.Null(await GetAsync("a"));
    }

    [Fact]
    public async Task What_is_kept_goes_before_the_next_question_and_only_the_question_is_answered()
    {
        var (ours, theirs) = (Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Guid.CreateVersion7(DateTimeOffset.UnixEpoch));
        var seen = await Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                tx.For(ours).Put(Entry, new Subject("one"));
                tx.For(ours).Put(Entry, new Subject("two"));
                tx.For(theirs).Put(Entry, new Subject("three"));
                return (
                    Of: tx.For(theirs).List<string>("SELECT subject FROM audit WHERE organisation_id = @organisation"),
                    Other: tx.For(ours).Change("UPDATE audit SET detail = subject || @subject WHERE organisation_id = @organisation", new Subject("!")),
                    Third: tx.For(theirs).Execute("UPDATE audit SET detail = '' WHERE organisation_id = @organisation AND subject IN @subjects", new { subjects = (string[])["one", "three"] }),
                    None: tx.For(ours).One<string>("SELECT subject FROM audit WHERE organisation_id = @organisation AND subject = 'three'"));
            },
            Cancel);
        Assert.Equal(["three"], seen.Of);
        Assert.Equal((2, 1, null), (seen.Other, seen.Third, seen.None));
        Assert.Equal(["one!", "two!"], await Store.ReadAsync(tx => tx.For(ours).List<string>("SELECT detail FROM audit WHERE organisation_id = @organisation ORDER BY subject"), Cancel));
    }

    [Fact]
    public async Task A_connection_that_was_given_back_knows_nothing_of_whom_it_served()
    {
        var ours = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        await Store.WriteAsync(Lane.Maintenance, tx => Audit(tx, ours), Cancel);
        Assert.Empty(await Store.WriteAsync(Lane.Maintenance, tx => tx.Connection.Query<string>("SELECT subject FROM audit", transaction: tx.Transaction).AsList(), Cancel));
    }

    private const string Entry =
        "INSERT INTO audit (organisation_id, id, at, action, subject, detail) VALUES (@organisation, gen_random_uuid(), 0, 'a', @subject, '')";

    private sealed record Subject(string Word) : IRow
    {
        public void TellTo(IValues values) => values.Add("subject", Word);
    }

    private static int Audit(Tx tx, Guid organisation) => tx.For(organisation).Execute(
        "INSERT INTO audit (organisation_id, id, at, action, subject, detail) VALUES (@organisation, @organisation, 0, 'a', 's', 'd')");
}
