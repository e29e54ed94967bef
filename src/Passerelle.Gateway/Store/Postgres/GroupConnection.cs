using System.Data;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>
/// The connection of a transaction. Statements whose outcome nobody looks at are kept and travel in one piece: a round trip for
/// many mails instead of several for each. Whatever asks for an answer is preceded by what was kept; <see cref="Send"/> before the commit.
/// </summary>
internal sealed class GroupConnection(NpgsqlConnection connection) : PlainConnection(connection)
{
    private NpgsqlBatch? _kept;

    /// <summary>Changes whenever a statement was kept or run.</summary>
    public int Statements { get; private set; }

    /// <exception cref="NpgsqlException">One of them is wrong, or the server is away: the transaction is over.</exception>
    public void Send()
    {
        if (_kept is not { BatchCommands.Count: > 0 }) return;
        _kept.ExecuteNonQuery();
        _kept.BatchCommands.Clear();
    }

    public override void Put(string sql, Guid? organisationId, IRow row)
    {
        Statements++;
        (_kept ??= connection.CreateBatch()).BatchCommands.Add(PostgresPut.Of(sql).With(organisationId, row));
    }

    public override int Change(string sql, Guid? organisationId, IRow row)
    {
        Statements++;
        Send();
        using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(PostgresPut.Of(sql).With(organisationId, row));
        return batch.ExecuteNonQuery();
    }

    public override IDbCommand Rent(IDbCommand draft)
    {
        Statements++;
        Send();
        return draft;
    }

    /// <summary>The connection itself is the caller's.</summary>
    [SuppressMessage("Usage", "CA2215", Justification = "The base would close the caller's connection")]
    protected override void Dispose(bool disposing)
    {
        if (disposing) _kept?.Dispose();
    }
}
