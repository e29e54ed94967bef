using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Passerelle.Gateway.Store;

/// <summary>
/// How our types stand in columns: a Guid is <c>uuid</c> on PostgreSQL and 16 big-endian bytes on SQLite (so UUIDv7 sorts
/// by time), an instant is Unix milliseconds. Enumerations are written as their lower-case words by the callers' SQL.
/// </summary>
internal static class ColumnTypes
{
    private static readonly Lazy<bool> Registered = new(static () =>
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new GuidColumn());
        SqlMapper.AddTypeHandler(new InstantColumn());
        return true;
    });

    public static void Register() => _ = Registered.Value;

    public static object ToColumn(Guid id, bool isPostgres) => isPostgres ? id : id.ToByteArray(bigEndian: true);

    private sealed class GuidColumn : SqlMapper.TypeHandler<Guid>
    {
        public override void SetValue(IDbDataParameter parameter, Guid value) =>
            parameter.Value = ToColumn(value, parameter is not SqliteParameter);

        public override Guid Parse(object value) => value is Guid id ? id : new Guid((byte[])value, bigEndian: true);
    }

    private sealed class InstantColumn : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }

        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);
    }
}
