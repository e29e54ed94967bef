using Npgsql;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>Tells a server that cannot now (try again) from a statement that is wrong (never right by trying again).</summary>
internal static class PostgresFailure
{
    /// <returns>Null when the delegate itself is to blame: its exception goes to its caller as it is.</returns>
    public static StoreUnavailable? Of(NpgsqlException failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new("The disk is full", diskFull: true, failure),
        PostgresException { SqlState: var state } when IsOfTheServer(state) => new("The store cannot write", diskFull: false, failure),
        PostgresException => null,
        _ => new("The database does not answer", diskFull: false, failure),
    };

    /// <summary>Classes 08 connection, 40 rollback, 53 resources, 55 lock, 57 operator, 58 system.</summary>
    private static bool IsOfTheServer(string state) =>
        state[..2] is "08" or "40" or "53" or "55" or "57" or "58";
}
