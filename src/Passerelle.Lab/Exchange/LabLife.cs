using System.Collections.Concurrent;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Snapshots of whole labs, in memory: state, mail and routes, each a reference, so that going back is immediate.</summary>
internal sealed class LabLife(Labs labs, Exchanges exchanges)
{
    /// <summary>The snapshot that a reset goes back to when it names none; a lab read from YAML has it from the start.</summary>
    public const string Start = "start";

    private readonly ConcurrentDictionary<(Twin Lab, string Name), Snapshot> _snapshots = new();

    public void Take(Twin lab, string name)
    {
        LabExchange exchange = exchanges.Of(lab);
        var taken = new Snapshot(lab.State, exchange.Mail.Snapshot(), exchange.Settings.Current);
        Snapshot? former = null;
        _snapshots.AddOrUpdate((lab, name), taken, (_, replaced) =>
        {
            former = replaced;
            return taken;
        });
        if (former is not null) exchange.Mail.Release(former.Mail);
    }

    public IEnumerable<string> NamesOf(Twin lab) => _snapshots.Keys.Where(key => key.Lab == lab).Select(key => key.Name).Order(StringComparer.Ordinal);

    /// <summary>State, mail, routes and clock are again what they were; what waited to leave the lab is forgotten.</summary>
    /// <returns>Null when done; else why not.</returns>
    public string? Reset(Twin lab, string name)
    {
        if (!_snapshots.TryGetValue((lab, name), out Snapshot? snapshot)) return $"There is no snapshot '{name}' of this lab.";
        if (labs.Replace(lab, snapshot.State) is { } taken) return $"{taken} belongs to another lab by now.";
        LabExchange exchange = exchanges.Of(lab);
        exchange.Settings.Restore(snapshot.Settings);
        exchange.Relay.Clear();
        exchange.Mail.Restore(snapshot.Mail);
        return null;
    }

    /// <summary>The lab, its mail and its files are gone; its domains are free.</summary>
    public void Remove(Twin lab)
    {
        labs.Remove(lab);
        exchanges.Remove(lab);
        foreach (var key in _snapshots.Keys.Where(key => key.Lab == lab)) _snapshots.TryRemove(key, out _);
    }

    private sealed record Snapshot(LabState State, IReadOnlyList<StoredMail> Mail, ExchangeSettings Settings);
}
