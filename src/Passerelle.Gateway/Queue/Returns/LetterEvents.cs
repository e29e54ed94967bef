using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue.Returns;

/// <summary>Every change of what is known of a letter after it left, in order: whoever follows them asks for those after the last one seen.</summary>
internal sealed class LetterEvents(IStore store)
{
    public const int MostAtOnce = 500;

    public static void Add(Tx tx, Guid organisationId, Guid? letterId, string address, string type, string words, DateTimeOffset now)
    {
        var sql = tx.For(organisationId);
        var last = sql.List<Guid>("SELECT id FROM letter_event WHERE organisation_id = @organisation ORDER BY id DESC LIMIT 1");
        sql.Execute(
            """
            INSERT INTO letter_event (organisation_id, id, letter_id, address, type, words, at)
            VALUES (@organisation, @id, @letterId, @address, @type, @words, @now)
            """,
            new { id = Next(last, now), letterId, address, type, words = LetterSettling.Cut(words), now });
        EventOutbox.Add(tx, organisationId, new OutsideEvent(type) { LetterId = letterId, Address = address, Words = words }, now);
    }

    /// <summary>Two ids of one millisecond have no order (RFC 9562 §5.7): the second is of the next one.</summary>
    private static Guid Next(List<Guid> last, DateTimeOffset now) => last is [var before] && MomentOf(before) is var taken && taken >= now.ToUnixTimeMilliseconds()
        ? Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(taken + 1))
        : Guid.CreateVersion7(now);

    private static long MomentOf(Guid id) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(id.ToByteArray(bigEndian: true)) >>> 16;

    /// <param name="after">Id of the last one seen; null: from the first.</param>
    public Task<List<LetterEvent>> AfterAsync(Guid organisationId, Guid? after, int limit, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<LetterEvent>(
            """
            SELECT id, letter_id, address, type, words, at FROM letter_event
            WHERE organisation_id = @organisation AND id > @after ORDER BY id LIMIT @limit
            """,
            new { after = after ?? Guid.Empty, limit = Math.Clamp(limit, 1, MostAtOnce) }),
        cancel);
}

/// <summary>letter.bounced, letter.delayed, letter.delivered, letter.complained, letter.answered; address.suppressed, address.released.</summary>
internal sealed record LetterEvent
{
    public required Guid Id { get; init; }

    /// <summary>Null where a person suppressed or released an address.</summary>
    public Guid? LetterId { get; init; }
    public required string Address { get; init; }
    public required string Type { get; init; }

    /// <summary>The other side's words, or the reason that a person gave.</summary>
    public required string Words { get; init; }
    public required DateTimeOffset At { get; init; }
}
