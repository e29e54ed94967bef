using System.Runtime.CompilerServices;
using Dapper;

namespace Passerelle.Tests;

/// <summary>Dapper compiles how a row is written and read anew for each connection string. In production there is one; the tests have a thousand stores
/// of one schema, and most of their time went into that.</summary>
internal sealed class OneSchema : IEqualityComparer<string>
{
    [ModuleInitializer]
    internal static void Share() => SqlMapper.ConnectionStringComparer = new OneSchema();

    public bool Equals(string? one, string? other) => IsPostgres(one) == IsPostgres(other);

    public int GetHashCode(string connection) => IsPostgres(connection) ? 1 : 0;

    private static bool IsPostgres(string? connection) => connection?.Contains("Host=", StringComparison.OrdinalIgnoreCase) is true;
}
