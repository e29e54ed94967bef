using System.Globalization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// How many recipients one mail may have. The server refuses the whole mail when there are more (552 5.5.3, facts/microsoft365.md §5.8), and
/// then nobody gets it: it is said before the letter is written.
/// </summary>
internal static class MailRecipients
{
    /// <summary>The most that Exchange Online can be told (<c>Set-Mailbox -RecipientLimits</c>).</summary>
    public const int Most = 1000;

    /// <returns>What to do about it; null: it may have so many.</returns>
    public static Phrase? ReasonAgainst(Tx tx, Guid organisationId, Guid appId, int recipients)
    {
        if (recipients <= 1) return null; // no limit is smaller
        var limit = tx.For(organisationId).One<Limit>(
            """
            SELECT a.preset, s.recipients_per_mail FROM app a
            LEFT JOIN sending_limit s ON s.organisation_id = a.organisation_id AND s.scope = 'app' AND s.subject = @subject
            WHERE a.organisation_id = @organisation AND a.id = @appId
            """,
            new { appId, subject = appId.ToString() });
        return (limit?.RecipientsPerMail ?? Presets.Find(limit?.Preset ?? "")?.Limits?.RecipientsPerMail) is { } most && recipients > most
            ? Phrase.Of(
                "This mail has {0} recipients, and the mailbox takes {1} in one mail: split it, or have an admin change the limit under Sending, Budgets, once the provider allows more (Exchange: Set-Mailbox -RecipientLimits)",
                Number(recipients), Number(most))
            : null;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Limit
    {
        public required string Preset { get; init; }
        public long? RecipientsPerMail { get; init; }
    }
}
