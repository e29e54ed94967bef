namespace Passerelle.Dev.Soak.Send;

/// <summary>One line of the results' file: one data folder, sending at the limits of all its apps for some minutes. Seconds.</summary>
internal sealed record SendRecord
{
    public required DateTimeOffset At { get; init; }
    public required int Apps { get; init; }
    public required int Bulk { get; init; }
    public required int Minutes { get; init; }
    public required long Written { get; init; }
    public required long WaitedBefore { get; init; }
    public required long WaitedAfter { get; init; }
    public required double Megabytes { get; init; }

    /// <summary>Of the gateway, for each second of the clock.</summary>
    public required double Processor { get; init; }
    public required SinkReport Sink { get; init; }

    /// <summary>Letters that are settled and that the sink has not.</summary>
    public required long Lost { get; init; }

    /// <summary>Letters by their state once the gateway had stopped.</summary>
    public required IReadOnlyDictionary<string, long> States { get; init; }
}
