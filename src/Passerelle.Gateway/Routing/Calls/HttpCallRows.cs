using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Calls;

/// <summary>One HTTP call of a flow; its row is the order to make it.</summary>
internal sealed record HttpCallRow
{
    public required Guid OrganisationId { get; init; }

    /// <summary>Also the Idempotency-Key: a call may be made more than once, the other side can tell.</summary>
    public required Guid Id { get; init; }
    public required Guid AppId { get; init; }
    public required Guid RunId { get; init; }
    public required string Node { get; init; }

    /// <summary>Sealed JSON of <see cref="HttpRequestText"/>.</summary>
    public required string Request { get; init; }

    /// <summary>waiting, calling, done or dead.</summary>
    public required string State { get; init; }
    public required long Epoch { get; init; }

    /// <summary>Calls begun; a crash half-way still counts.</summary>
    public required long Attempts { get; init; }
}

/// <summary>The SQL of HTTP calls, within the caller's transaction.</summary>
internal static class HttpCallRows
{
    private const string Columns = "organisation_id, id, app_id, run_id, node, request, state, epoch, attempts";

    public static void Insert(Tx tx, RunRow run, PlannedCall call, DateTimeOffset now) => tx.For(run.OrganisationId).Execute(
        """
        INSERT INTO http_call (organisation_id, id, app_id, run_id, node, request, state, epoch, attempts, due_at, response)
        VALUES (@organisation, @callId, @AppId, @runId, @StepId, @SealedRequest, 'waiting', 0, 0, @now, '')
        """,
        new { callId = call.Id, run.AppId, runId = run.Id, call.StepId, call.SealedRequest, now });

    /// <summary>Those waiting, and those whose worker has said nothing until the lease ended.</summary>
    /// <param name="others">Nodes whose apps are theirs: <see cref="IPlacement.Others"/>.</param>
    public static List<HttpCallRow> Due(Tx tx, DateTimeOffset now, string others, int limit) => tx.Across("the oldest due calls of all apps").List<HttpCallRow>(
        $"""
        -- across: the oldest due calls of all apps
        SELECT {Columns} FROM http_call WHERE state IN ('waiting', 'calling') AND due_at <= @now
          AND NOT EXISTS (SELECT 1 FROM app a WHERE a.organisation_id = http_call.organisation_id AND a.id = http_call.app_id
              AND {Ownerships.IsTheirs})
        ORDER BY due_at, id LIMIT @limit
        """,
        new { now, others, limit });

    /// <returns>The call as claimed; null when another worker has it.</returns>
    /// <exception cref="OwnershipLost">Nothing was written.</exception>
    public static HttpCallRow? Claim(Tx tx, HttpCallRow call, Ownership owner, DateTimeOffset now, DateTimeOffset until)
    {
        if (!Ownerships.Holds(tx, owner)) throw new OwnershipLost(owner);
        return tx.For(call.OrganisationId).One<HttpCallRow>(
            $"""
            UPDATE http_call SET state = 'calling', epoch = @Epoch, attempts = attempts + 1, due_at = @until
            WHERE organisation_id = @organisation AND id = @Id AND state IN ('waiting', 'calling') AND due_at <= @now
            RETURNING {Columns}
            """,
            new { call.Id, owner.Epoch, now, until });
    }

    /// <summary>Back to waiting.</summary>
    public static void PutOff(Tx tx, HttpCallRow call, DateTimeOffset due, string words) => tx.For(call.OrganisationId).Execute(
        """
        UPDATE http_call SET state = 'waiting', due_at = @due, response = @words
        WHERE organisation_id = @organisation AND id = @Id AND state = 'calling' AND attempts = @Attempts AND epoch = @Epoch
        """,
        new { call.Id, call.Attempts, call.Epoch, due, words });

    /// <param name="state">done or dead.</param>
    /// <returns>False when the call is not this worker's any more.</returns>
    /// <exception cref="OwnershipLost">Nothing was written.</exception>
    public static bool Settle(Tx tx, HttpCallRow call, string state, int? status, string words, Ownership owner, DateTimeOffset now)
    {
        if (!Ownerships.Holds(tx, owner)) throw new OwnershipLost(owner);
        return tx.For(call.OrganisationId).Execute(
            """
            UPDATE http_call SET state = @state, status = @status, response = @words, ended_at = @now
            WHERE organisation_id = @organisation AND id = @Id AND state = 'calling' AND attempts = @Attempts AND epoch = @Epoch
            """,
            new { call.Id, call.Attempts, call.Epoch, state, status, words, now }) == 1;
    }
}
