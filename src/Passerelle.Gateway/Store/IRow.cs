namespace Passerelle.Gateway.Store;

/// <summary>A row that tells its values itself: what is written for every mail is bound without reflection (<see cref="Sql.Put"/>).</summary>
internal interface IRow
{
    void TellTo(IValues values);
}

/// <summary>The named values of a statement, as a store takes them; names without <c>@</c>.</summary>
internal interface IValues
{
    void Add(string name, Guid value);
    void Add(string name, long value);
    void Add(string name, string value);
    void Add(string name, DateTimeOffset value);

    /// <param name="value">Null: NULL.</param>
    void Add(string name, DateTimeOffset? value);

    /// <param name="value">Null: NULL. Read until the transaction has ended.</param>
    void Add(string name, ReadOnlyMemory<byte>? value);
}
