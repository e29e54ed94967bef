using System.Data;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>
/// The connection of a transaction. Statements whose outcome nobody looks at are kept, and travel in one piece with the next one that is
/// looked at: a round trip for many mails instead of several for each. <see cref="Send"/> before the commit.
/// </summary>
internal sealed class GroupConnection(NpgsqlConnection connection) : PlainConnection(connection)
{
    /// <summary>Of kept ones, those that answer with rows: nobody reads them.</summary>
    private const string Answers = "SELECT ";
    private NpgsqlBatch? _kept;

    /// <summary>Changes whenever a statement was kept or run.</summary>
    public int Statements { get; private set; }

    /// <exception cref="NpgsqlException">One of them is wrong, or the server is away: the transaction is over.</exception>
    public void Send()
    {
        if (_kept is null) return;
        using var batch = Taken();
        batch.ExecuteNonQuery();
    }

    public override void Put(string sql, Guid? organisationId, IRow row)
    {
        Statements++;
        (_kept ??= connection.CreateBatch()).BatchCommands.Add(PostgresPut.Of(sql).With(organisationId, row));
    }

    public override int Change(string sql, Guid? organisationId, IRow row)
    {
        Statements++;
        return Run(PostgresPut.Of(sql).With(organisationId, row));
    }

    public override int Run(IDbCommand rented)
    {
        Statements++;
        return Run(Moved((NpgsqlCommand)rented));
    }

    public override IDataReader Read(IDbCommand rented, CommandBehavior behavior)
    {
        Statements++;
        if (_kept is null) return rented.ExecuteReader(behavior);
        var batch = Taken(); // it owns nothing that the reader does not close
        var unread = ((IEnumerable<NpgsqlBatchCommand>)batch.BatchCommands).Count(kept => kept.CommandText.StartsWith(Answers, StringComparison.Ordinal));
        batch.BatchCommands.Add(Moved((NpgsqlCommand)rented));
        var reader = batch.ExecuteReader(behavior & ~(CommandBehavior.SingleResult | CommandBehavior.SingleRow)); // they would end with the first
        try
        {
            while (unread-- > 0) reader.NextResult();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The connection itself is the caller's.</summary>
    [SuppressMessage("Usage", "CA2215", Justification = "The base would close the caller's connection")]
    protected override void Dispose(bool disposing)
    {
        if (disposing) _kept?.Dispose();
    }

    private int Run(NpgsqlBatchCommand last)
    {
        using var batch = Taken();
        batch.BatchCommands.Add(last);
        batch.ExecuteNonQuery();
        return (int)last.RecordsAffected; // of a statement, not of millions
    }

    private NpgsqlBatch Taken()
    {
        var batch = _kept ?? connection.CreateBatch();
        _kept = null;
        return batch;
    }

    private static NpgsqlBatchCommand Moved(NpgsqlCommand command)
    {
        var moved = new NpgsqlBatchCommand(command.CommandText);
        var parameters = command.Parameters.ToArray();
        command.Parameters.Clear(); // each belongs to one statement
        foreach (var parameter in parameters) moved.Parameters.Add(parameter);
        return moved;
    }
}
