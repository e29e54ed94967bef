using System.Text.Json;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Conversations;

/// <summary>What one order took from a conversation into another.</summary>
internal sealed record ConversationMove
{
    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>split or merge.</summary>
    public required string Kind { get; init; }
    public required Guid FromId { get; init; }
    public required Guid IntoId { get; init; }

    /// <summary>JSON of <see cref="Conversations.Moved"/>.</summary>
    public required string Moved { get; init; }
    public required Guid PersonId { get; init; }
    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? UndoneAt { get; init; }
}

/// <param name="Messages">Oldest first.</param>
/// <param name="Letters">In their order of leaving.</param>
internal sealed record Moved(IReadOnlyList<Guid> Messages, IReadOnlyList<Guid> Letters)
{
    /// <summary>The letters that answer an earlier message.</summary>
    private IReadOnlyDictionary<Guid, Guid?> Answering { get; init; } = new Dictionary<Guid, Guid?>();

    public static Moved Of(IEnumerable<Guid> messages, IEnumerable<(Guid Id, Guid? Answers)> letters)
    {
        var written = letters.ToList();
        return new Moved([.. messages], [.. written.Select(letter => letter.Id)]) { Answering = written.ToDictionary(letter => letter.Id, letter => letter.Answers) };
    }

    /// <summary>The part from a message on, with the letters that answer it or later ones.</summary>
    public Moved From(Guid messageId)
    {
        Guid[] later = [.. Messages.SkipWhile(id => id != messageId)];
        return new Moved(later, [.. Letters.Where(letter => Answering[letter] is { } answered && later.Contains(answered))]);
    }

    public string ToJson() => JsonSerializer.Serialize(new Ids(Messages, Letters), JsonSerializerOptions.Web);

    public static Moved FromJson(string json) =>
        JsonSerializer.Deserialize<Ids>(json, JsonSerializerOptions.Web) is { } ids ? new Moved(ids.Messages, ids.Letters) : new Moved([], []);

    private sealed record Ids(IReadOnlyList<Guid> Messages, IReadOnlyList<Guid> Letters);
}

/// <summary>The SQL of table <c>conversation_move</c> and of moving, within the caller's transaction.</summary>
internal static class ConversationMoves
{
    private const string Columns = "organisation_id, id, kind, from_id, into_id, moved, person_id, at, undone_at";

    /// <summary>All of a conversation.</summary>
    public static Moved Of(Tx tx, Guid organisationId, Guid conversationId) => Moved.Of(
        tx.For(organisationId).List<Guid>(
            "SELECT id FROM message WHERE organisation_id = @organisation AND conversation_id = @conversationId ORDER BY id", new { conversationId }),
        tx.For(organisationId).List<LetterIds>(
            "SELECT id, in_answer_to FROM letter WHERE organisation_id = @organisation AND conversation_id = @conversationId ORDER BY sequence",
            new { conversationId }).Select(letter => (letter.Id, letter.InAnswerTo)));

    public static bool IsLeaving(Tx tx, Guid organisationId, Guid conversationId) => tx.For(organisationId).One<long>(
        """
        SELECT COUNT(*) FROM letter
        WHERE organisation_id = @organisation AND conversation_id = @conversationId AND state IN ('claimed', 'submitting')
        """,
        new { conversationId }) > 0;

    public static bool Answers(Tx tx, Guid organisationId, Guid letterId, IReadOnlyList<Guid> messages) =>
        tx.For(organisationId).One<LetterIds>(
            "SELECT id, in_answer_to FROM letter WHERE organisation_id = @organisation AND id = @letterId", new { letterId })
            is { InAnswerTo: { } answered } && messages.Contains(answered);

    /// <summary>Messages with their runs, and letters behind those that are there: their order among themselves stays.</summary>
    public static void Apply(Tx tx, Guid organisationId, Moved moved, Guid from, Guid into)
    {
        var sql = tx.For(organisationId);
        foreach (var id in moved.Messages)
        {
            sql.Execute("UPDATE message SET conversation_id = @into WHERE organisation_id = @organisation AND id = @id AND conversation_id = @from", new { id, from, into });
            sql.Execute("UPDATE run SET conversation_id = @into WHERE organisation_id = @organisation AND message_id = @id", new { id, into });
        }
        var sequence = sql.One<long>("SELECT last_sequence FROM conversation WHERE organisation_id = @organisation AND id = @into", new { into });
        foreach (var id in moved.Letters)
        {
            sql.Execute(
                """
                UPDATE letter SET conversation_id = @into, sequence = @sequence
                WHERE organisation_id = @organisation AND id = @id AND conversation_id = @from
                """,
                new { id, from, into, sequence = ++sequence });
        }
        sql.Execute("UPDATE conversation SET last_sequence = @sequence WHERE organisation_id = @organisation AND id = @into", new { into, sequence });
    }

    public static void Insert(Tx tx, ConversationMove move) => tx.For(move.OrganisationId).Execute(
        """
        INSERT INTO conversation_move (organisation_id, id, kind, from_id, into_id, moved, person_id, at)
        VALUES (@organisation, @Id, @Kind, @FromId, @IntoId, @Moved, @PersonId, @At)
        """,
        new { move.Id, move.Kind, move.FromId, move.IntoId, move.Moved, move.PersonId, move.At });

    public static ConversationMove? Latest(Tx tx, Guid organisationId, Guid conversationId) => tx.For(organisationId).One<ConversationMove>(
        $"""
        SELECT {Columns} FROM conversation_move
        WHERE organisation_id = @organisation AND undone_at IS NULL AND (from_id = @conversationId OR into_id = @conversationId)
        ORDER BY id DESC LIMIT 1
        """,
        new { conversationId });

    public static void MarkUndone(Tx tx, Guid organisationId, Guid id, DateTimeOffset now) => tx.For(organisationId).Execute(
        "UPDATE conversation_move SET undone_at = @now WHERE organisation_id = @organisation AND id = @id", new { id, now });

    private sealed record LetterIds
    {
        public required Guid Id { get; init; }
        public Guid? InAnswerTo { get; init; }
    }
}
