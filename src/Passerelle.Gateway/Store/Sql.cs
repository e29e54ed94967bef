using Dapper;

namespace Passerelle.Gateway.Store;

/// <summary>Parameterised SQL on one connection, columns in snake_case, properties in PascalCase.</summary>
/// <remarks>
/// Do not catch an SQL error and go on in the same delegate: SQLite would let you, PostgreSQL has given the transaction
/// up. Ask with <c>ON CONFLICT</c> instead.
/// </remarks>
internal readonly struct Sql(Tx tx, Guid? organisationId)
{
    static Sql() => ColumnTypes.Register();

    /// <returns>Rows changed.</returns>
    public int Execute(string sql, object? values = null) => Enter().Connection.Execute(sql, Bind(values), tx.Transaction);

    /// <summary>A statement that either succeeds or throws, and whose count nobody needs. It may wait for the next one, or for the commit,
    /// and throw there.</summary>
    public void Put(string sql, IRow row) => Enter().Connection.Put(sql, organisationId, row);

    /// <summary>The same for a statement whose count is wanted.</summary>
    /// <returns>Rows changed.</returns>
    public int Change(string sql, IRow row) => Enter().Connection.Change(sql, organisationId, row);

    public List<T> List<T>(string sql, object? values = null) =>
        Enter().Connection.Query<T>(sql, Bind(values), tx.Transaction).AsList();

    /// <returns>Null (or the default of a value type) when there is no row.</returns>
    /// <exception cref="InvalidOperationException">There is more than one row.</exception>
    public T? One<T>(string sql, object? values = null) =>
        Enter().Connection.QuerySingleOrDefault<T>(sql, Bind(values), tx.Transaction);

    private Tx Enter()
    {
        tx.Enter(organisationId);
        return tx;
    }

    private DynamicParameters Bind(object? values)
    {
        var parameters = new DynamicParameters(values);
        if (organisationId is { } id) parameters.Add("organisation", ColumnTypes.ToColumn(id, tx.IsPostgres));
        return parameters;
    }
}
