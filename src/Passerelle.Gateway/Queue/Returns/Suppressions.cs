using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue.Returns;

/// <summary>Addresses that no machine writes to any more: they do not exist, or complained. A person may still write, and may release them.</summary>
internal sealed class Suppressions(IStore store, Signals signals, TimeProvider time)
{
    public const int MostAtOnce = 500;
    public const string ByPerson = "person";

    /// <param name="reason">bounced, complained or person.</param>
    public static void Add(Tx tx, Guid organisationId, string address, string reason, string words, Guid? letterId, DateTimeOffset now)
    {
        var added = tx.For(organisationId).Execute(
            """
            INSERT INTO suppression (organisation_id, address, reason, words, letter_id, since)
            VALUES (@organisation, @address, @reason, @words, @letterId, @now) ON CONFLICT (organisation_id, address) DO NOTHING
            """,
            new { address = AddressText.Fold(address), reason, words = LetterSettling.Cut(words), letterId, now });
        if (added == 1) LetterEvents.Add(tx, organisationId, letterId, AddressText.Fold(address), "address.suppressed", words, now);
    }

    /// <summary>Takes suppressed recipients out of a letter that a machine wrote, in the transaction that writes it.</summary>
    public static void Apply(Tx tx, NewLetter letter, DateTimeOffset now)
    {
        if (letter.Origin == NewLetter.Person) return;
        var left = tx.For(letter.OrganisationId).Execute(
            """
            UPDATE letter_recipient SET outcome = 'refused', words = @Words
            WHERE organisation_id = @organisation AND letter_id = @Id AND EXISTS
                (SELECT 1 FROM suppression s WHERE s.organisation_id = @organisation AND s.address = lower(letter_recipient.address))
            """,
            new { letter.Id, Words });
        if (left < letter.Recipients.Count) return;
        tx.For(letter.OrganisationId).Execute(
            "UPDATE letter SET state = 'dead', state_reason = @Words, due_at = NULL, settled_at = @now WHERE organisation_id = @organisation AND id = @Id",
            new { letter.Id, Words, now });
        EventOutbox.AddFate(tx, letter.OrganisationId, letter.Id, "dead", Words, now);
    }

    public const string Words = "The address is suppressed: it does not exist, or it complained. Release it to write to it again";

    public Task<bool> AddAsync(Guid organisationId, string address, string words, CancellationToken cancel) => WriteAsync(
        tx =>
        {
            Add(tx, organisationId, address, ByPerson, words, null, time.GetUtcNow());
            return true;
        },
        cancel);

    /// <returns>False when it is not suppressed (any more).</returns>
    public Task<bool> ReleaseAsync(Guid organisationId, string address, CancellationToken cancel) => WriteAsync(
        tx =>
        {
            var folded = AddressText.Fold(address);
            if (tx.For(organisationId).Execute("DELETE FROM suppression WHERE organisation_id = @organisation AND address = @folded", new { folded }) == 0) return false;
            LetterEvents.Add(tx, organisationId, null, folded, "address.released", "", time.GetUtcNow());
            return true;
        },
        cancel);

    /// <summary>The newest first.</summary>
    public Task<List<Suppression>> ListAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<Suppression>(
            "SELECT address, reason, words, letter_id, since FROM suppression WHERE organisation_id = @organisation ORDER BY since DESC, address LIMIT @limit",
            new { limit = MostAtOnce }),
        cancel);

    private async Task<bool> WriteAsync(Func<Tx, bool> change, CancellationToken cancel)
    {
        var changed = await store.WriteAsync(Lane.Work, change, cancel);
        signals.Views.Raise();
        return changed;
    }
}

internal sealed record Suppression
{
    public required string Address { get; init; }

    /// <summary>bounced, complained or person.</summary>
    public required string Reason { get; init; }

    /// <summary>The other side's words, or those of the person.</summary>
    public required string Words { get; init; }

    /// <summary>The letter that it was seen by; null when a person did it.</summary>
    public Guid? LetterId { get; init; }
    public required DateTimeOffset Since { get; init; }
}
