using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>Mail that waits because a scanner gives no answer: stored, not yet read.</summary>
internal sealed record UnscannedMail
{
    public required long Count { get; init; }

    /// <summary>When the oldest came; null where none waits.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What a scanner answered one of them; empty where none waits.</summary>
    public required string Reason { get; init; }

    private const string Columns = "COUNT(*) AS count, MIN(received_at) AS since, COALESCE(MAX(state_reason), '') AS reason";

    /// <returns>Null where none waits.</returns>
    public static UnscannedMail? Of(Tx tx, Guid organisationId) => Some(tx.For(organisationId).One<UnscannedMail>(
        $"SELECT {Columns} FROM receipt WHERE organisation_id = @organisation AND state = 'received' AND scans > 0"));

    /// <inheritdoc cref="Of"/>
    public static UnscannedMail? OfAll(Tx tx) => Some(tx.Across("whether the scanners answer").One<UnscannedMail>(
        $"""
        -- across: whether the scanners answer
        SELECT {Columns} FROM receipt WHERE state = 'received' AND scans > 0
        """));

    private static UnscannedMail? Some(UnscannedMail? found) => found is { Count: > 0 } ? found : null;
}
