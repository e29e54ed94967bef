using System.Data;
using System.Diagnostics.CodeAnalysis;

namespace Passerelle.Gateway.Store;

/// <summary>What Dapper fills in; which statement then runs is decided by the connection, by the text as it stands then.</summary>
/// <param name="draft">Takes text and parameters; owned.</param>
internal sealed class PlainCommand(PlainConnection connection, IDbCommand draft) : IDbCommand
{
    private IDbCommand? _running;

    [AllowNull]
    public string CommandText { get => draft.CommandText; set => draft.CommandText = value ?? ""; }
    public int CommandTimeout { get => draft.CommandTimeout; set => draft.CommandTimeout = value; }
    public CommandType CommandType { get => draft.CommandType; set => draft.CommandType = value; }
    public IDbConnection? Connection { get => connection; set => throw new NotSupportedException(); }
    public IDataParameterCollection Parameters => draft.Parameters;
    public IDbTransaction? Transaction { get => draft.Transaction; set => draft.Transaction = value; }
    public UpdateRowSource UpdatedRowSource { get; set; }

    public IDbDataParameter CreateParameter() => draft.CreateParameter();
    public int ExecuteNonQuery() => connection.Run(Statement());
    public object? ExecuteScalar() => throw new NotSupportedException("A row is read, or rows are changed");
    public IDataReader ExecuteReader() => ExecuteReader(CommandBehavior.Default);
    public IDataReader ExecuteReader(CommandBehavior behavior) => connection.Read(Statement(), behavior);
    public void Prepare() => throw new NotSupportedException("Statements are prepared when they run");

    /// <summary>Dapper asks when it leaves a result half-read; what ends a read here is its deadline.</summary>
    public void Cancel()
    {
    }

    public void Dispose()
    {
        if (_running is not null) connection.Return(_running, draft);
        _running = null;
        draft.Dispose();
    }

    private IDbCommand Statement() => _running ??= connection.Rent(draft);
}
