using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Doctor;

/// <summary>The rows that tell one journey, as one consistent read.</summary>
internal sealed record JourneyRows(
    JourneyLine Line,
    JourneyRows.MessageRow Message,
    JourneyRows.ReceiptRow Receipt,
    JourneyRows.RunRow? Run,
    IReadOnlyList<JourneyRows.StepRow> Steps,
    IReadOnlyList<JourneyRows.LetterRow> Letters,
    IReadOnlyList<JourneyRows.AttemptRow> Attempts,
    IReadOnlyList<JourneyRows.RecipientRow> Recipients)
{
    public static JourneyRows? Read(Sql sql, string lines, Guid messageId)
    {
        if (sql.One<JourneyLine>($"{lines} AND m.id = @messageId", new { messageId }) is not { } line) return null;
        var message = sql.One<MessageRow>(
            """
            SELECT receipt_id, raw_id, raw_pruned_at, sent_at, read_at, routed_at, kind_evidence, verdict_reasons FROM message
            WHERE organisation_id = @organisation AND id = @messageId
            """,
            new { messageId })!; // the line above has just found it
        var receipt = sql.One<ReceiptRow>(
            """
            SELECT envelope_from, envelope_to, received_at, helo, remote_address, tls, size, origin FROM receipt
            WHERE organisation_id = @organisation AND id = @ReceiptId
            """,
            new { message.ReceiptId })!; // a receipt goes with its message
        var run = sql.One<RunRow>(
            """
            SELECT id, state, state_reason, started_at, ended_at FROM run
            WHERE organisation_id = @organisation AND message_id = @messageId
            """,
            new { messageId });
        return new(
            line, message, receipt, run,
            sql.List<StepRow>(
                """
                SELECT node, kind, result, detail, at FROM run_step
                WHERE organisation_id = @organisation AND run_id = @runId ORDER BY number
                """,
                new { runId = run?.Id ?? Guid.Empty }),
            sql.List<LetterRow>(
                """
                SELECT id, origin, state, state_reason, created_at, due_at, settled_at, subject FROM letter
                WHERE organisation_id = @organisation AND in_answer_to = @messageId ORDER BY created_at, id
                """,
                new { messageId }),
            sql.List<AttemptRow>(
                """
                SELECT t.letter_id, t.number, t.started_at, t.ended_at, t.outcome, t.last_step, t.words
                FROM attempt t JOIN letter l ON l.organisation_id = @organisation AND l.id = t.letter_id
                WHERE t.organisation_id = @organisation AND l.in_answer_to = @messageId ORDER BY t.started_at, t.number
                """,
                new { messageId }),
            sql.List<RecipientRow>(
                """
                SELECT r.letter_id, r.address, r.outcome, r.words
                FROM letter_recipient r JOIN letter l ON l.organisation_id = @organisation AND l.id = r.letter_id
                WHERE r.organisation_id = @organisation AND l.in_answer_to = @messageId ORDER BY r.address
                """,
                new { messageId }));
    }

    internal sealed record MessageRow
    {
        public required Guid ReceiptId { get; init; }
        public required Guid RawId { get; init; }
        public DateTimeOffset? RawPrunedAt { get; init; }
        public DateTimeOffset? SentAt { get; init; }
        public required DateTimeOffset ReadAt { get; init; }
        public DateTimeOffset? RoutedAt { get; init; }
        public required string KindEvidence { get; init; }
        public required string VerdictReasons { get; init; }
    }

    internal sealed record ReceiptRow
    {
        public required string EnvelopeFrom { get; init; }
        public required string EnvelopeTo { get; init; }
        public required DateTimeOffset ReceivedAt { get; init; }
        public required string Helo { get; init; }
        public required string RemoteAddress { get; init; }
        public required string Tls { get; init; }
        public required long Size { get; init; }
        public required string Origin { get; init; }
    }

    internal sealed record RunRow
    {
        public required Guid Id { get; init; }
        public required string State { get; init; }
        public required string StateReason { get; init; }
        public required DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
    }

    internal sealed record StepRow
    {
        public required string Node { get; init; }
        public required string Kind { get; init; }
        public required string Result { get; init; }
        public required string Detail { get; init; }
        public required DateTimeOffset At { get; init; }
    }

    internal sealed record LetterRow
    {
        public required Guid Id { get; init; }
        public required string Origin { get; init; }
        public required string State { get; init; }
        public required string StateReason { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public DateTimeOffset? SettledAt { get; init; }
        public required string Subject { get; init; }
    }

    internal sealed record AttemptRow
    {
        public required Guid LetterId { get; init; }
        public required long Number { get; init; }
        public required DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public required string Outcome { get; init; }
        public required string LastStep { get; init; }
        public required string Words { get; init; }
    }

    internal sealed record RecipientRow
    {
        public required Guid LetterId { get; init; }
        public required string Address { get; init; }
        public required string Outcome { get; init; }
        public required string Words { get; init; }
    }
}
