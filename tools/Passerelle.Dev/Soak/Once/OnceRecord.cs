namespace Passerelle.Dev.Soak.Once;

/// <summary>One line of the results' file: one data folder, struck fault by fault, then drained and counted.</summary>
internal sealed record OnceRecord
{
    public required DateTimeOffset At { get; init; }

    /// <summary>sqlite or postgres.</summary>
    public required string Store { get; init; }

    /// <summary>Letters that went out under a fault of their own.</summary>
    public required int Runs { get; init; }

    /// <summary>How often each fault happened.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    /// <summary>Letters that the lab delivered.</summary>
    public required int Delivered { get; init; }

    /// <summary>Letters that a server refused for good: a person saw them.</summary>
    public required int Refused { get; init; }

    /// <summary>Letters that were in doubt.</summary>
    public required int Unclear { get; init; }

    /// <summary>Of these, settled by the copy in Sent Items, and sent again because there was none.</summary>
    public required int Found { get; init; }
    public required int SentAgain { get; init; }

    /// <summary>Of these, left to a person as their app says.</summary>
    public required int ByPerson { get; init; }
    public required int Lost { get; init; }
    public required int Duplicated { get; init; }
    public required int Hangs { get; init; }

    /// <summary>What went wrong, in words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
