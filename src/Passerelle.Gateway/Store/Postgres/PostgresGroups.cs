using System.Data;
using System.Threading.Channels;
using Npgsql;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>
/// The lane of the door on PostgreSQL: the mails that wait together are one transaction and one wait for the server's log. When a
/// statement or a delegate of the group fails, none of it is kept and each runs again in a transaction of its own, so that only
/// the one to blame hears of it.
/// </summary>
internal sealed class PostgresGroups : IAsyncDisposable
{
    /// <summary>One gathers and sends while the other waits for the log.</summary>
    public const int Workers = 2;

    private readonly NpgsqlDataSource _source;
    private readonly int _groupSize;
    private readonly ILogger _log;
    private readonly Channel<Write> _waiting;
    private readonly Task[] _workers;

    public PostgresGroups(NpgsqlDataSource source, StoreOptions options, ILogger log)
    {
        _source = source;
        _groupSize = options.GroupSize;
        _log = log;
        _waiting = Channel.CreateBounded<Write>(options.QueueLength);
        _workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Waits for room when too many wait already.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async ValueTask AddAsync(Write write, CancellationToken cancel)
    {
        try
        {
            await _waiting.Writer.WriteAsync(write, cancel);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IStore));
        }
    }

    /// <summary>Takes nothing more; what was taken is still served.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    private async Task WorkAsync()
    {
        var group = new List<Write>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < _groupSize && _waiting.Reader.TryRead(out var write)) group.Add(write);
            if (group.Count > 0) Settle(group);
        }
    }

    private void Settle(List<Write> group)
    {
        try
        {
            Commit(group);
            foreach (var write in group) write.Complete();
        }
        catch (NpgsqlException failure) when (PostgresFailure.Of(failure) is { } unavailable)
        {
            _log.TransactionFailed(failure, group.Count);
            foreach (var write in group) write.Fail(unavailable);
        }
        catch (Exception) when (group.Count > 1)
        {
            foreach (var write in group) Settle([write]);
        }
        catch (Exception failure)
        {
            group[0].Refuse(failure);
            group[0].Complete();
        }
    }

    private void Commit(List<Write> group)
    {
        using var connection = _source.OpenConnection();
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        using var statements = new GroupConnection(connection);
        var tx = new Tx(statements, transaction, isPostgres: true);
        foreach (var write in group) Run(write, tx, statements);
        statements.Send();
        transaction.Commit();
    }

    /// <summary>One that was cancelled before it began, or refuses before its first statement, leaves the group as it is.</summary>
    private static void Run(Write write, Tx tx, GroupConnection statements)
    {
        var before = statements.Statements;
        try
        {
            write.Run(tx);
        }
        catch (Exception failure) when (statements.Statements == before)
        {
            write.Refuse(failure);
        }
    }
}
