using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Messages;

/// <summary>What a new message says about the thread it belongs to.</summary>
/// <param name="Ancestors">In-Reply-To first, then References from the newest; at most <see cref="Threads.MostAncestors"/> count.</param>
/// <param name="Correspondent">Folded address.</param>
internal sealed record ThreadHints(IReadOnlyList<string> Ancestors, string Correspondent, string Subject);

/// <summary>Conversation rows, within the caller's transaction.</summary>
internal static class Threads
{
    public const int MostAncestors = 50;

    /// <summary>
    /// The conversation of the nearest ancestor that this app has received or written, else a new one with
    /// <paramref name="newId"/>. A subject alone joins nothing: strangers write the same ones.
    /// </summary>
    public static Guid Place(Tx tx, Guid organisationId, Guid appId, ThreadHints hints, Guid newId, DateTimeOffset now)
    {
        if (NearestOf(tx, organisationId, appId, hints) is { } known)
        {
            tx.For(organisationId).Execute(
                "UPDATE conversation SET last_at = @now WHERE organisation_id = @organisation AND id = @known",
                new { known, now });
            return known;
        }
        tx.For(organisationId).Execute(
            """
            INSERT INTO conversation (organisation_id, id, app_id, correspondent, subject, created_at, last_at, last_sequence)
            VALUES (@organisation, @newId, @appId, @Correspondent, @Subject, @now, @now, 0)
            """,
            new { newId, appId, hints.Correspondent, hints.Subject, now });
        return newId;
    }

    private static Guid? NearestOf(Tx tx, Guid organisationId, Guid appId, ThreadHints hints)
    {
        foreach (var ancestor in hints.Ancestors.Take(MostAncestors))
        {
            var found = tx.For(organisationId).List<Guid>(
                """
                SELECT conversation_id FROM letter
                WHERE organisation_id = @organisation AND app_id = @appId AND internet_id = @ancestor
                UNION ALL
                SELECT conversation_id FROM message
                WHERE organisation_id = @organisation AND app_id = @appId AND internet_id = @ancestor
                LIMIT 1
                """,
                new { appId, ancestor });
            if (found.Count > 0) return found[0];
        }
        return null;
    }
}
