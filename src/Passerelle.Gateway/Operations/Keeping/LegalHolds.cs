using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations.Keeping;

/// <summary>How placing a hold ended.</summary>
internal abstract record HoldOutcome
{
    private HoldOutcome() { }

    public sealed record Placed(LegalHold Hold) : HoldOutcome;

    /// <summary>One stands on it already.</summary>
    public sealed record Already : HoldOutcome;

    /// <summary>The organisation has no such app or conversation.</summary>
    public sealed record Unknown : HoldOutcome;

    /// <param name="Sentence">What to do about it.</param>
    public sealed record Refused(string Sentence) : HoldOutcome;
}

/// <summary>Keeps things for a court or an inquiry: places holds, lifts them, says which stand.</summary>
internal sealed class LegalHolds(IStore store, Signals signals, TimeProvider time)
{
    public const int LongestReason = 1000;
    public const string NoReason = "Say why: the reason stands beside the hold for whoever asks later";
    public const string NoAddress = "Name one address, like ann@fabrikam.example";
    public const string NoScope = "A hold is on an app, a conversation or a correspondent";

    /// <param name="scope">One of <see cref="HoldScopes"/>.</param>
    /// <param name="subject">An id, or an address.</param>
    /// <param name="by">Null: the operator of the machine.</param>
    public async Task<HoldOutcome> PlaceAsync(Guid organisationId, string scope, string subject, string reason, Guid? by, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(reason)) return new HoldOutcome.Refused(NoReason);
        if (!HoldScopes.All.Contains(scope)) return new HoldOutcome.Refused(NoScope);
        var isAddress = scope == HoldScopes.Correspondent;
        if (isAddress && !Correspondents.IsAddress(subject)) return new HoldOutcome.Refused(NoAddress);
        var id = Guid.TryParse(subject, out var named) ? named : Guid.Empty; // there is nothing of that id
        var now = time.GetUtcNow();
        var hold = new LegalHold
        {
            OrganisationId = organisationId,
            Id = Guid.CreateVersion7(now),
            Scope = scope,
            Subject = isAddress ? AddressText.Fold(subject) : StandingHolds.Word(id),
            Reason = Cut(reason),
            PlacedBy = by,
            PlacedAt = now,
            LiftedReason = "",
        };
        var outcome = await store.WriteAsync<HoldOutcome>(
            Lane.Work,
            tx => !isAddress && !Exists(tx, organisationId, scope, id) ? new HoldOutcome.Unknown()
                : LegalHoldRows.Insert(tx, hold) ? new HoldOutcome.Placed(hold)
                : new HoldOutcome.Already(),
            cancel);
        signals.Views.Raise();
        return outcome;
    }

    /// <returns>False when it does not stand any more; null when the organisation has no such hold.</returns>
    public async Task<bool?> LiftAsync(Guid organisationId, Guid id, string reason, Guid? by, CancellationToken cancel)
    {
        var lifted = await store.WriteAsync<bool?>(
            Lane.Work,
            tx => LegalHoldRows.Find(tx, organisationId, id) is null ? null : LegalHoldRows.Lift(tx, organisationId, id, Cut(reason), by, time.GetUtcNow()),
            cancel);
        signals.Views.Raise();
        return lifted;
    }

    public Task<List<LegalHold>> ListAsync(Guid organisationId, CancellationToken cancel) =>
        store.ReadAsync(tx => LegalHoldRows.List(tx, organisationId), cancel);

    /// <returns>Null when the organisation has no such hold.</returns>
    public Task<LegalHold?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) =>
        store.ReadAsync(tx => LegalHoldRows.Find(tx, organisationId, id), cancel);

    private static bool Exists(Tx tx, Guid organisationId, string scope, Guid id) => tx.For(organisationId).One<long>(
        scope == HoldScopes.App
            ? "SELECT COUNT(*) FROM app WHERE organisation_id = @organisation AND id = @id"
            : "SELECT COUNT(*) FROM conversation WHERE organisation_id = @organisation AND id = @id",
        new { id }) > 0;

    private static string Cut(string text) => text.Trim() is { Length: > LongestReason } tooLong ? tooLong[..LongestReason] : text.Trim();
}

/// <summary>An address that a person named for keeping or forgetting.</summary>
internal static class Correspondents
{
    private const int LongestAddress = 320;

    /// <summary>Something @ something without blanks: what columns hold is compared with it, nothing is sent to it.</summary>
    public static bool IsAddress(string text) =>
        AddressText.Fold(text) is { Length: > 2 and <= LongestAddress } folded
        && folded.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < folded.Length - 1
        && !folded.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is ',' or ';' or '<' or '>');
}
