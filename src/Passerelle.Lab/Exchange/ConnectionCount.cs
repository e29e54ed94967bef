namespace Passerelle.Lab.Exchange;

/// <summary>How many connections each mailbox has open (facts/microsoft365.md §5.8).</summary>
internal sealed class ConnectionCount
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Guid>> _open = new(StringComparer.OrdinalIgnoreCase);

    public void Enter(string mailbox, Guid connection)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(mailbox, out var connections)) _open[mailbox] = connections = [];
            connections.Add(connection);
        }
    }

    /// <summary>True for a connection that came when as many as are allowed were open and still are.</summary>
    public bool IsTooMany(string mailbox, Guid connection, int allowed)
    {
        lock (_gate) return _open.GetValueOrDefault(mailbox)?.IndexOf(connection) >= allowed;
    }

    public void Leave(string mailbox, Guid connection)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(mailbox, out var connections)) return;
            connections.Remove(connection);
            if (connections.Count == 0) _open.Remove(mailbox);
        }
    }
}
