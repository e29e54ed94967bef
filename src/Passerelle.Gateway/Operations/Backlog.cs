using System.Diagnostics.Metrics;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations;

/// <summary>How much waits at each stage: the rows are the backlog, so they are what is measured.</summary>
internal sealed class Backlog : IDisposable
{
    public const string MeterName = "Passerelle";

    private static readonly (string Name, string Description, string Sql)[] Gauges =
    [
        ("passerelle.receipts.waiting", "Receipts not yet read",
            "SELECT COUNT(*) FROM receipt WHERE state = 'received' -- across: gauge"),
        ("passerelle.messages.ready", "Messages not yet routed",
            "SELECT COUNT(*) FROM message WHERE state = 'ready' -- across: gauge"),
        ("passerelle.letters.waiting", "Letters due now or later",
            "SELECT COUNT(*) FROM letter WHERE state = 'waiting' -- across: gauge"),
        ("passerelle.letters.blocked", "Letters that wait for a person to mend a grant",
            $"SELECT COUNT(*) FROM letter WHERE state IN {LetterRows.OpenStates} AND state = 'blocked' -- across: gauge"),
        ("passerelle.letters.unclear", "Letters that may have left and may not",
            "SELECT COUNT(*) FROM letter WHERE state = 'unclear' -- across: gauge"),
        ("passerelle.letters.dead", "Letters that a person has to look at",
            $"SELECT COUNT(*) FROM letter WHERE state IN {LetterRows.OpenStates} AND state = 'dead' -- across: gauge"),
    ];

    private readonly Meter _meter;
    private readonly IStore _store;
    private Dictionary<string, long> _counts = Gauges.ToDictionary(gauge => gauge.Name, _ => 0L);

    public Backlog(IStore store, IMeterFactory meters)
    {
        _store = store;
        _meter = meters.Create(MeterName);
        foreach (var (name, description, _) in Gauges)
        {
            _meter.CreateObservableGauge(name, () => _counts[name], unit: "{row}", description);
        }
    }

    /// <summary>Counts again; called on a timer, never while a scrape waits.</summary>
    public async Task RefreshAsync(CancellationToken cancel) =>
        _counts = await _store.ReadAsync(
            tx => Gauges.ToDictionary(gauge => gauge.Name, gauge => tx.Across("gauge").One<long>(gauge.Sql)), cancel);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Dispose() => _meter.Dispose();
}
