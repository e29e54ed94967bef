using System.Text.Json;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>What a job is told to do, and where it stands. One runs at a time in an organisation; a row survives whoever runs it.</summary>
internal sealed record KeepingJob
{
    public const string Prune = "prune";
    public const string Erase = "erase";
    public const string Export = "export";

    public required Guid OrganisationId { get; init; }

    /// <summary>UUIDv7: they run in this order.</summary>
    public required Guid Id { get; init; }
    public required string Kind { get; init; }

    /// <summary>waiting, running, done, cancelled or failed.</summary>
    public required string State { get; init; }

    /// <summary>JSON of <see cref="KeepingOrders"/>.</summary>
    public required string Orders { get; init; }

    /// <summary>JSON of <see cref="KeepingPosition"/>; empty: from the start.</summary>
    public required string Position { get; init; }

    /// <summary>Rows so far.</summary>
    public required long LookedAt { get; init; }

    /// <summary>Rows to look at; null: not known (yet).</summary>
    public long? Total { get; init; }

    /// <summary>Rows pruned, erased or exported.</summary>
    public required long Changed { get; init; }

    /// <summary>Rows left alone: under a legal hold, or work that is not done.</summary>
    public required long Kept { get; init; }

    /// <summary>Why it failed, or what it waits for.</summary>
    public required string Words { get; init; }
    public Guid? PersonId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required DateTimeOffset LeaseUntil { get; init; }
    public required long Epoch { get; init; }

    /// <summary>Bytes of the file that an export left.</summary>
    public required long Size { get; init; }

    /// <summary>Of that file; null: there is none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool IsOpen => State is "waiting" or "running";

    /// <summary>0 to 100; null while the total is not known.</summary>
    public int? Percent => Total is > 0 and var total ? (int)Math.Min(100, LookedAt * 100 / total) : null;

    public KeepingOrders Told => JsonSerializer.Deserialize<KeepingOrders>(Orders, JsonSerializerOptions.Web) ?? new();
    public KeepingPosition Stands => Position.Length == 0 ? new() : JsonSerializer.Deserialize<KeepingPosition>(Position, JsonSerializerOptions.Web) ?? new();

    public KeepingJob At(KeepingPosition position) => this with { Position = JsonSerializer.Serialize(position, JsonSerializerOptions.Web) };
}

/// <summary>Which mail a job is about; what is null does not narrow it.</summary>
internal sealed record KeepingOrders
{
    public Guid? App { get; init; }
    public Guid? Conversation { get; init; }

    /// <summary>Folded.</summary>
    public string? Correspondent { get; init; }

    /// <summary>Received or written at it or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received or written before it.</summary>
    public DateTimeOffset? To { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

/// <summary>Where a job goes on.</summary>
internal sealed record KeepingPosition
{
    public string Stage { get; init; } = "";
    public Guid App { get; init; }

    /// <summary>The last row that was dealt with.</summary>
    public Guid After { get; init; }
    public Guid AfterCopy { get; init; }

    /// <summary>Letters that were just leaving: the job comes back for them.</summary>
    public bool HasLeaving { get; init; }
}

/// <summary>Someone cancelled the job, or another process took it up: nothing was written.</summary>
internal sealed class KeepingLost : Exception;
