using System.Text.Json;
using Passerelle.Gateway.Store;
using Passerelle.Mail.Threading;

namespace Passerelle.Gateway.Messages;

/// <summary>What a new message says about the thread it belongs to.</summary>
/// <param name="Ancestors">In-Reply-To first, then References from the newest; at most <see cref="Threads.MostAncestors"/> count.</param>
/// <param name="Correspondent">Folded address.</param>
internal sealed record ThreadHints(IReadOnlyList<string> Ancestors, string Correspondent, string Subject)
{
    public string? InReplyTo { get; init; }

    /// <summary>How Outlook's Thread-Index begins; empty when absent.</summary>
    public string ThreadRoot { get; init; } = "";

    /// <summary>Message-IDs that a server wrote over.</summary>
    public IReadOnlyList<string> OtherIds { get; init; } = [];

    /// <summary>Whether the correspondent may have written it: a forged sender joins nothing by a subject.</summary>
    public bool IsPartyBelieved { get; init; } = true;

    public ThreadSigns Signs(DateTimeOffset now) => new()
    {
        InReplyTo = InReplyTo,
        References = [.. Ancestors.Take(Threads.MostAncestors).Reverse()],
        ThreadRoot = ThreadRoot.Length > 0 ? ThreadRoot : null,
        Subject = Subject,
        Correspondent = IsPartyBelieved ? Correspondent : "",
        At = now,
    };
}

/// <summary>Where a message was put.</summary>
/// <param name="Score">1 to 100; 0 when it began the conversation.</param>
internal sealed record Placement(Guid ConversationId, int Score, IReadOnlyList<KinshipReason> Reasons);

/// <summary>Conversation rows, within the caller's transaction.</summary>
internal static class Threads
{
    public const int MostAncestors = 50;

    /// <summary>Young conversations of one correspondent that are looked at for a subject.</summary>
    private const int MostOfParty = 20;

    /// <summary>
    /// The conversation that <see cref="Kinship"/> finds best among those that the ids, Outlook's index or the correspondent
    /// point to, else a new one with <paramref name="newId"/>.
    /// </summary>
    public static Placement Place(Tx tx, Guid organisationId, Guid appId, ThreadHints hints, Guid newId, DateTimeOffset now)
    {
        if (Kinship.Best(hints.Signs(now), Candidates(tx, organisationId, appId, hints, now)) is { } kin)
        {
            tx.For(organisationId).Execute(
                "UPDATE conversation SET last_at = @now WHERE organisation_id = @organisation AND id = @Key",
                new { kin.Key, now });
            return new Placement(kin.Key, kin.Score, kin.Reasons);
        }
        Begin(tx, organisationId, appId, hints.Correspondent, hints.Subject, newId, now);
        return new Placement(newId, 0, []);
    }

    public static void Begin(Tx tx, Guid organisationId, Guid appId, string correspondent, string subject, Guid newId, DateTimeOffset now) =>
        tx.For(organisationId).Execute(
            """
            INSERT INTO conversation (organisation_id, id, app_id, correspondent, subject, created_at, last_at, last_sequence)
            VALUES (@organisation, @newId, @appId, @correspondent, @subject, @now, @now, 0)
            """,
            new { newId, appId, correspondent, subject, now });

    /// <summary>Why the message was put there, and the other ids it can be named by.</summary>
    public static void Record(Tx tx, Guid organisationId, Guid appId, Guid messageId, ThreadHints hints, Placement placed)
    {
        tx.For(organisationId).Execute(
            """
            INSERT INTO message_thread (organisation_id, message_id, app_id, thread_root, score, reasons)
            VALUES (@organisation, @messageId, @appId, @ThreadRoot, @Score, @reasons)
            """,
            new { messageId, appId, hints.ThreadRoot, placed.Score, reasons = JsonSerializer.Serialize(placed.Reasons.Select(reason => reason.ToString())) });
        foreach (var other in hints.OtherIds.Take(MostAncestors))
        {
            tx.For(organisationId).Execute(
                """
                INSERT INTO message_alias (organisation_id, app_id, internet_id, message_id)
                VALUES (@organisation, @appId, @other, @messageId)
                """,
                new { appId, other, messageId });
        }
    }

    /// <summary>An id is proof enough: the others are asked only when no id is known.</summary>
    private static IEnumerable<KnownThread<Guid>> Candidates(Tx tx, Guid organisationId, Guid appId, ThreadHints hints, DateTimeOffset now)
    {
        foreach (var ancestor in hints.Ancestors.Take(MostAncestors))
        {
            if (HolderOf(tx, organisationId, appId, ancestor) is { } holder && Find(tx, organisationId, holder) is { } known)
                return [Known(known, ids: [ancestor])];
        }
        var found = new List<KnownThread<Guid>>();
        if (hints.ThreadRoot.Length > 0 && HolderOfRoot(tx, organisationId, appId, hints.ThreadRoot) is { } same && Find(tx, organisationId, same) is { } indexed)
            found.Add(Known(indexed, roots: [hints.ThreadRoot]));
        if (hints.Correspondent.Length > 0 && BaseSubject.OfAnyLanguage(hints.Subject).Depth > 0)
            found.AddRange(OfParty(tx, organisationId, appId, hints, now).Where(one => found.All(other => other.Key != one.Id)).Select(one => Known(one)));
        return found;
    }

    private static KnownThread<Guid> Known(ConversationRow row, string[]? ids = null, string[]? roots = null) =>
        new(row.Id, new HashSet<string>(ids ?? []), new HashSet<string>(roots ?? []), row.Subject, row.Correspondent, row.LastAt);

    private static Guid? HolderOf(Tx tx, Guid organisationId, Guid appId, string ancestor)
    {
        var found = tx.For(organisationId).List<Guid>(
            """
            SELECT conversation_id FROM letter
            WHERE organisation_id = @organisation AND app_id = @appId AND internet_id = @ancestor
            UNION ALL
            SELECT conversation_id FROM message
            WHERE organisation_id = @organisation AND app_id = @appId AND internet_id = @ancestor
            UNION ALL
            SELECT m.conversation_id FROM message_alias a JOIN message m ON m.organisation_id = a.organisation_id AND m.id = a.message_id
            WHERE a.organisation_id = @organisation AND a.app_id = @appId AND a.internet_id = @ancestor
            UNION ALL
            SELECT l.conversation_id FROM letter_alias a JOIN letter l ON l.organisation_id = a.organisation_id AND l.id = a.letter_id
            WHERE a.organisation_id = @organisation AND a.app_id = @appId AND a.internet_id = @ancestor
            LIMIT 1
            """,
            new { appId, ancestor });
        return found.Count > 0 ? found[0] : null;
    }

    private static Guid? HolderOfRoot(Tx tx, Guid organisationId, Guid appId, string root)
    {
        var found = tx.For(organisationId).List<Guid>(
            """
            SELECT m.conversation_id FROM message_thread t JOIN message m ON m.organisation_id = t.organisation_id AND m.id = t.message_id
            WHERE t.organisation_id = @organisation AND t.app_id = @appId AND t.thread_root = @root AND t.thread_root <> ''
            ORDER BY t.message_id DESC LIMIT 1
            """,
            new { appId, root });
        return found.Count > 0 ? found[0] : null;
    }

    private static ConversationRow? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<ConversationRow>(
        "SELECT id, subject, correspondent, last_at FROM conversation WHERE organisation_id = @organisation AND id = @id", new { id });

    private static List<ConversationRow> OfParty(Tx tx, Guid organisationId, Guid appId, ThreadHints hints, DateTimeOffset now) =>
        tx.For(organisationId).List<ConversationRow>(
            """
            SELECT id, subject, correspondent, last_at FROM conversation
            WHERE organisation_id = @organisation AND app_id = @appId AND correspondent = @Correspondent AND last_at >= @since
            ORDER BY last_at DESC LIMIT @limit
            """,
            new { appId, hints.Correspondent, since = now.AddDays(-Kinship.YoungDays), limit = MostOfParty });

    private sealed record ConversationRow
    {
        public required Guid Id { get; init; }
        public required string Subject { get; init; }
        public required string Correspondent { get; init; }
        public required DateTimeOffset LastAt { get; init; }
    }
}
