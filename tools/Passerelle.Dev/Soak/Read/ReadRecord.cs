namespace Passerelle.Dev.Soak.Read;

/// <summary>One line of the results' file: one file of the corpora, read whole and damaged.</summary>
internal sealed record ReadRecord
{
    /// <summary>Relative to the corpora, with "/".</summary>
    public required string File { get; init; }
    public required int Seed { get; init; }

    /// <summary>Of the reader's assembly: what another build has read says nothing of this one.</summary>
    public required Guid Reader { get; init; }
    public required int Reads { get; init; }
    public required double SlowestMilliseconds { get; init; }

    /// <summary>By which one read grew the process, where it asked for enough to be measured; 0 otherwise.</summary>
    public required double LargestGrowthMegabytes { get; init; }

    /// <summary>Exceptions, and mails that the reader itself calls a failure of its parser.</summary>
    public required int Faults { get; init; }

    /// <summary>The same bytes that were another message the second time.</summary>
    public required int Different { get; init; }

    /// <summary>Over two seconds.</summary>
    public required int Hangs { get; init; }

    /// <summary>Over 100 MB.</summary>
    public required int Growths { get; init; }

    /// <summary>Which read it was, and what happened.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
