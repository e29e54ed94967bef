using System.Data;

namespace Passerelle.Gateway.Store;

/// <summary>
/// An open connection as Dapper sees it. Dapper knows Npgsql by name and would pass lists as arrays there; behind this
/// it expands <c>IN @names</c> the same way on both stores.
/// </summary>
internal abstract class PlainConnection(IDbConnection inner) : IDbConnection
{
#pragma warning disable CS8767 // the interface predates nullable annotations
    public string ConnectionString { get => inner.ConnectionString ?? ""; set => throw new NotSupportedException(); }
#pragma warning restore CS8767
    public int ConnectionTimeout => inner.ConnectionTimeout;
    public string Database => inner.Database;
    public ConnectionState State => inner.State;

    public virtual IDbCommand CreateCommand() => new PlainCommand(this, inner.CreateCommand());

    /// <summary>The statement that runs what <paramref name="draft"/> says; here the draft itself.</summary>
    public virtual IDbCommand Rent(IDbCommand draft) => draft;

    /// <returns>Rows changed.</returns>
    public virtual int Run(IDbCommand rented) => rented.ExecuteNonQuery();

    public virtual IDataReader Read(IDbCommand rented, CommandBehavior behavior) => rented.ExecuteReader(behavior);

    /// <summary>Runs a statement whose outcome nobody looks at; it may wait for the next one, or for the commit.</summary>
    /// <param name="organisationId">Bound as <c>@organisation</c>.</param>
    public abstract void Put(string sql, Guid? organisationId, IRow row);

    /// <summary>Runs a statement at once.</summary>
    /// <param name="organisationId">Bound as <c>@organisation</c>.</param>
    /// <returns>Rows changed.</returns>
    public abstract int Change(string sql, Guid? organisationId, IRow row);

    /// <summary>The statement has run and its result is closed.</summary>
    public virtual void Return(IDbCommand rented, IDbCommand draft)
    {
    }

    public IDbTransaction BeginTransaction() => inner.BeginTransaction();
    public IDbTransaction BeginTransaction(IsolationLevel il) => inner.BeginTransaction(il);
    public void ChangeDatabase(string databaseName) => throw new NotSupportedException();
    public void Open() => throw new NotSupportedException();
    public void Close() => inner.Close();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
    }
}
