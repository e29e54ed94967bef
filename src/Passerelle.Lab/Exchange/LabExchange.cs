using System.Collections.Concurrent;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>What one lab's Exchange keeps, all under <c>exchange/{lab}</c> of the data folder.</summary>
internal sealed class LabExchange(Twin lab, string folder)
{
    public Twin Lab { get; } = lab;
    public MailStore Mail { get; } = new(Path.Combine(folder, "mail"), lab.Time);
    public RelayQueue Relay { get; } = new(Path.Combine(folder, "queue"), lab.Time);
    public ExchangeSettingsFile Settings { get; } = new(Path.Combine(folder, "settings.json"));
    public SubmissionLedger Ledger { get; } = new(lab.Time);
    public BounceBook Bounces { get; } = new(Path.Combine(folder, "bounces.txt"));
    public Journal Log => Lab.Journal;

    /// <summary>Cancelled when the lab is removed: nothing is relayed for it any more.</summary>
    public CancellationTokenSource Gone { get; } = new();

    public string Folder => folder;
}

/// <summary>The Exchange of each lab, opened when first used.</summary>
internal sealed class Exchanges(DataFolder folder)
{
    private readonly ConcurrentDictionary<string, Lazy<LabExchange>> _open = new(StringComparer.Ordinal);

    /// <summary>Told once per lab, when it is first used, on the caller's thread.</summary>
    public event Action<LabExchange>? Opened;

    /// <summary>Ends the relay of a lab that is removed, and deletes its mail.</summary>
    public void Remove(Twin lab)
    {
        LabExchange exchange = Of(lab);
        exchange.Gone.Cancel();
        _open.TryRemove(lab.Name, out _);
        if (Directory.Exists(exchange.Folder)) Directory.Delete(exchange.Folder, recursive: true);
    }

    public LabExchange Of(Twin lab) => _open.GetOrAdd(lab.Name, name => new Lazy<LabExchange>(() =>
    {
        var opened = new LabExchange(lab, folder.Folder($"exchange/{name}"));
        Opened?.Invoke(opened);
        return opened;
    })).Value;
}
