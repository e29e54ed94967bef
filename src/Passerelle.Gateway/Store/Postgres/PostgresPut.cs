using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Passerelle.Gateway.Store.Postgres;

/// <summary>A statement with numbered parameters, as the server wants it: Npgsql would look for the names at each execution.</summary>
/// <param name="Text">With <c>$1</c> in place of the first name.</param>
/// <param name="Positions">Of the names, from 0.</param>
internal sealed partial record PostgresPut(string Text, IReadOnlyDictionary<string, int> Positions)
{
    private static readonly ConcurrentDictionary<string, PostgresPut> Known = new();

    public static PostgresPut Of(string sql) => Known.GetOrAdd(sql, Number);

    public NpgsqlBatchCommand With(Guid? organisationId, IRow row)
    {
        var values = new Values(this);
        if (organisationId is { } id) values.Add("organisation", id);
        row.TellTo(values);
        var command = new NpgsqlBatchCommand(Text);
        foreach (var parameter in values.Parameters) command.Parameters.Add(parameter ?? throw new ArgumentException("A value of the statement was not told", nameof(row)));
        return command;
    }

    private static PostgresPut Number(string sql)
    {
        var positions = new Dictionary<string, int>();
        var text = Name().Replace(sql, found =>
        {
            positions.TryAdd(found.Groups[1].Value, positions.Count);
            return string.Create(CultureInfo.InvariantCulture, $"${positions[found.Groups[1].Value] + 1}");
        });
        return new PostgresPut(text, positions);
    }

    [GeneratedRegex("@([A-Za-z0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    private sealed class Values(PostgresPut put) : IValues
    {
        public NpgsqlParameter?[] Parameters { get; } = new NpgsqlParameter?[put.Positions.Count];

        public void Add(string name, Guid value) => Set(name, new NpgsqlParameter<Guid> { TypedValue = value });
        public void Add(string name, long value) => Set(name, new NpgsqlParameter<long> { TypedValue = value });
        public void Add(string name, string value) => Set(name, new NpgsqlParameter<string> { TypedValue = value });
        public void Add(string name, DateTimeOffset value) => Add(name, value.ToUnixTimeMilliseconds());

        public void Add(string name, DateTimeOffset? value) => Set(name, value is { } at
            ? new NpgsqlParameter<long> { TypedValue = at.ToUnixTimeMilliseconds() }
            : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });

        public void Add(string name, ReadOnlyMemory<byte>? value) => Set(name, value is { } bytes
            ? new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea }
            : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });

        private void Set(string name, NpgsqlParameter parameter)
        {
            if (put.Positions.TryGetValue(name, out var at)) Parameters[at] = parameter;
        }
    }
}
