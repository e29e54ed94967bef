using Passerelle.Flows;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing;

/// <summary>The SQL of runs and their steps, within the caller's transaction.</summary>
internal static class RunRows
{
    private const string Columns = """
        organisation_id, id, app_id, message_id, conversation_id, flow_id, flow_version, state, state_reason, snapshot, started_at, ended_at
        """;

    public static RunRow? Find(Tx tx, Guid organisationId, Guid id) => tx.For(organisationId).One<RunRow>(
        $"SELECT {Columns} FROM run WHERE organisation_id = @organisation AND id = @id", new { id });

    public static RunRow? OfMessage(Tx tx, Guid organisationId, Guid messageId) => tx.For(organisationId).One<RunRow>(
        $"SELECT {Columns} FROM run WHERE organisation_id = @organisation AND message_id = @messageId", new { messageId });

    public static List<RunStep> Steps(Tx tx, Guid organisationId, Guid runId) => tx.For(organisationId).List<RunStep>(
        """
        SELECT number, node, kind, result, detail, at FROM run_step
        WHERE organisation_id = @organisation AND run_id = @runId ORDER BY number
        """,
        new { runId });

    public static void Insert(Tx tx, RunRow run, long epoch) => tx.For(run.OrganisationId).Execute(
        """
        INSERT INTO run (organisation_id, id, app_id, message_id, conversation_id, flow_id, flow_version, state, state_reason,
            snapshot, started_at, epoch)
        VALUES (@organisation, @Id, @AppId, @MessageId, @ConversationId, @FlowId, @FlowVersion, @State, @StateReason,
            @Snapshot, @StartedAt, @epoch)
        """,
        new
        {
            run.Id,
            run.AppId,
            run.MessageId,
            run.ConversationId,
            run.FlowId,
            run.FlowVersion,
            run.State,
            run.StateReason,
            run.Snapshot,
            run.StartedAt,
            epoch,
        });

    /// <summary>Writes what one turn of the engine led to: the run's new state, its steps, letters and calls.</summary>
    public static void Write(Tx tx, RunRow run, RunPlan plan, AnswerCaps caps, long epoch, DateTimeOffset now)
    {
        var ended = plan.State.Status is RunStatus.Waiting ? (DateTimeOffset?)null : now;
        tx.For(run.OrganisationId).Execute(
            """
            UPDATE run SET state = @state, state_reason = @reason, snapshot = @snapshot, ended_at = @ended, epoch = @epoch
            WHERE organisation_id = @organisation AND id = @Id
            """,
            new { run.Id, state = Word(plan.State.Status), reason = plan.State.Failure ?? "", snapshot = plan.State.ToJson(), ended, epoch });
        var steps = new StepWriter(tx, run, now);
        foreach (var line in plan.Trace) steps.Add(line.NodeId, line.Kind, line.Result, line.Detail);
        foreach (var answer in plan.Answers) WriteAnswer(tx, run, answer, caps, steps, now);
        foreach (var call in plan.Calls) Calls.HttpCallRows.Insert(tx, run, call, now);
    }

    private static void WriteAnswer(Tx tx, RunRow run, PlannedAnswer answer, AnswerCaps caps, StepWriter steps, DateTimeOffset now)
    {
        if (Refusal(tx, run, answer, caps, now) is { } reason)
        {
            steps.Add(answer.StepId, "letter", "refused", reason);
            return;
        }
        Letters.Insert(tx, answer.Letter!, now); // there: it was not refused
        steps.Add(answer.StepId, "letter", "written", $"To {answer.Letter!.Correspondent}");
    }

    private static string? Refusal(Tx tx, RunRow run, PlannedAnswer answer, AnswerCaps caps, DateTimeOffset now)
    {
        if (answer is not { Letter: { } letter }) return answer.Refusal;
        if (letter.InAnswerTo is not null && IsAnsweredByOther(tx, run)) return AnswerRule.Answered;
        var wanted = new WantedAnswer(letter.OrganisationId, letter.AppId, letter.ConversationId, letter.Correspondent, letter.Origin);
        return caps.Allows(tx, wanted, now, out var reason) ? null : reason;
    }

    /// <summary>Another run's automatic answer in this conversation: no run of ours waits for further ones.</summary>
    private static bool IsAnsweredByOther(Tx tx, RunRow run) => tx.For(run.OrganisationId).List<long>(
        """
        SELECT 1 FROM letter WHERE organisation_id = @organisation AND conversation_id = @ConversationId
          AND automatic AND in_answer_to IS NOT NULL AND run_id <> @Id LIMIT 1
        """,
        new { run.ConversationId, run.Id }).Count > 0;

    private static string Word(RunStatus status) => status switch
    {
        RunStatus.Waiting => "waiting",
        RunStatus.Ended => "done",
        _ => "failed",
    };

    /// <summary>Numbers the lines of a run on from those it has.</summary>
    private sealed class StepWriter(Tx tx, RunRow run, DateTimeOffset now)
    {
        private long _last = tx.For(run.OrganisationId).One<long>(
            "SELECT COALESCE(MAX(number), 0) FROM run_step WHERE organisation_id = @organisation AND run_id = @Id", new { run.Id });

        public void Add(string node, string kind, string result, string detail) => tx.For(run.OrganisationId).Execute(
            """
            INSERT INTO run_step (organisation_id, run_id, number, node, kind, result, detail, at)
            VALUES (@organisation, @Id, @number, @node, @kind, @result, @detail, @now)
            """,
            new { run.Id, number = ++_last, node, kind, result, detail, now });
    }
}
