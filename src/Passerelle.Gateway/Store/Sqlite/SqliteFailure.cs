using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store.Sqlite;

/// <summary>Tells a disk or file that cannot now (try again) from a statement that is wrong (never right by trying again).</summary>
internal static class SqliteFailure
{
    /// <summary>NOMEM 7, READONLY 8, IOERR 10, CORRUPT 11, FULL 13, CANTOPEN 14, PROTOCOL 15 (the log's locks), NOTADB 26.</summary>
    public static bool IsOfTheDisk(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26 };

    public static StoreUnavailable Translate(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: 13 } full => new("The disk is full", diskFull: true, full),
        _ => new("The store cannot work", diskFull: false, failure),
    };
}
