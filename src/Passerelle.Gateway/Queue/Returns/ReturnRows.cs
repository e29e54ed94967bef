using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue.Returns;

/// <summary>Writes what came back to the letter that it came back of, in the transaction that makes the message.</summary>
internal static class ReturnRows
{
    /// <summary>Why no second letter would arrive either; a full mailbox or a busy server is none of these.</summary>
    private static readonly HashSet<string> ForGood = new(StringComparer.Ordinal) { "userunknown", "hostunknown", "hasmoved", "suspend", "notaccept" };

    /// <returns>Null when it is about no letter of the app.</returns>
    public static ReturnedLetter? Take(Tx tx, Guid organisationId, Guid appId, ReturnHints hints, DateTimeOffset now)
    {
        if (ReturnedLetter.Find(tx, organisationId, appId, hints) is not { } found) return null;
        var recipients = tx.For(organisationId).List<string>(
            "SELECT address FROM letter_recipient WHERE organisation_id = @organisation AND letter_id = @LetterId ORDER BY address", new { found.LetterId });
        foreach (var told in hints.Recipients) Write(tx, organisationId, found, hints.MessageId, told with { Address = AddressIn(recipients, told.Address) }, now);
        return found;
    }

    /// <summary>The letter's own spelling; of a letter to one, that one, whatever its server forwards to.</summary>
    private static string AddressIn(List<string> recipients, string told) =>
        recipients.Find(address => address.Equals(told, StringComparison.OrdinalIgnoreCase)) ?? (recipients is [var only] ? only : told);

    private static void Write(Tx tx, Guid organisationId, ReturnedLetter found, Guid messageId, ReturnedRecipient told, DateTimeOffset now)
    {
        var kind = told.Kind.ToString().ToLowerInvariant();
        tx.For(organisationId).Execute(
            """
            INSERT INTO returned (organisation_id, letter_id, message_id, address, kind, status, reason, words, matched_by, at)
            VALUES (@organisation, @LetterId, @messageId, @Address, @kind, @Status, @Reason, @words, @by, @now)
            ON CONFLICT (organisation_id, letter_id, message_id, address) DO NOTHING
            """,
            new { found.LetterId, messageId, told.Address, kind, told.Status, told.Reason, words = LetterSettling.Cut(told.Words), by = Word(found.By), now });
        // A delay that arrives after the bounce it announced says nothing new.
        tx.For(organisationId).Execute(
            """
            UPDATE letter_recipient SET came_back = @kind, came_back_at = @now
            WHERE organisation_id = @organisation AND letter_id = @LetterId AND address = @Address
              AND NOT (came_back IN ('bounced', 'complained') AND @kind IN ('delayed', 'delivered', 'answered'))
            """,
            new { found.LetterId, told.Address, kind, now });
        LetterEvents.Add(tx, organisationId, found.LetterId, told.Address, $"letter.{kind}", told.Words, now);
        if (found.By is not MatchedBy.Recipient && IsForGood(told)) Suppressions.Add(tx, organisationId, told.Address, kind, told.Words, found.LetterId, now);
    }

    /// <summary>Only what names a letter of ours by an id that nobody guesses: a forged report must not silence an address.</summary>
    private static bool IsForGood(ReturnedRecipient told) =>
        told.Address.Length > 0 && (told.Kind is ReturnKind.Complained || (told.Kind is ReturnKind.Bounced && ForGood.Contains(told.Reason)));

    private static string Word(MatchedBy by) => by switch
    {
        MatchedBy.Id => "id",
        MatchedBy.OtherId => "other-id",
        MatchedBy.Mention => "mention",
        _ => "recipient",
    };
}
