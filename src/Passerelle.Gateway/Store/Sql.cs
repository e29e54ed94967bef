using System.Data.Common;
using Dapper;

namespace Passerelle.Gateway.Store;

/// <summary>Parameterised SQL on one connection, columns in snake_case, properties in PascalCase.</summary>
internal readonly struct Sql(DbConnection connection, DbTransaction? transaction, bool isPostgres, Guid? organisationId)
{
    static Sql() => ColumnTypes.Register();

    /// <returns>Rows changed.</returns>
    public int Execute(string sql, object? values = null) => connection.Execute(sql, Bind(values), transaction);

    public List<T> List<T>(string sql, object? values = null) =>
        connection.Query<T>(sql, Bind(values), transaction).AsList();

    /// <returns>Null (or the default of a value type) when there is no row.</returns>
    /// <exception cref="InvalidOperationException">There is more than one row.</exception>
    public T? One<T>(string sql, object? values = null) =>
        connection.QuerySingleOrDefault<T>(sql, Bind(values), transaction);

    private DynamicParameters Bind(object? values)
    {
        var parameters = new DynamicParameters(values);
        if (organisationId is { } id) parameters.Add("organisation", ColumnTypes.ToColumn(id, isPostgres));
        return parameters;
    }
}
