using Microsoft.Extensions.Options;
using Passerelle.Flows;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Routing.Calls;

/// <summary>How one HTTP call of a flow is made, and its run resumed. At least once: a call whose worker died is made again.</summary>
internal sealed class HttpCalls(
    IStore store, Ownerships ownerships, HttpCaller caller, RunSubjects subjects, PublishedFlows flows, RunPlanner planner,
    AnswerCaps caps, Signals signals, IOptions<RoutingOptions> options, TimeProvider time, ILogger<HttpCalls> log)
{
    private const int MostWords = 2000;

    public Task<List<HttpCallRow>> DueAsync(int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => HttpCallRows.Due(tx, time.GetUtcNow(), ownerships.Others, limit), cancel);

    public async Task CallAsync(HttpCallRow due, CancellationToken cancel)
    {
        if (await ownerships.IfHereAsync(due.OrganisationId, due.AppId, cancel) is not { } owner) return;
        try
        {
            if (await ClaimAsync(due, owner, cancel) is not { } call) return;
            var outcome = await caller.CallAsync(call, cancel);
            log.Called(call.Id, call.Attempts, outcome.GetType().Name);
            if (outcome is CallOutcome.Later later && call.Attempts < options.Value.MaxCallAttempts) await PutOffAsync(call, later, cancel);
            else await ResumeOrFailAsync(call, outcome, owner, cancel);
        }
        catch (OwnershipLost lost)
        {
            ownerships.Forget(owner);
            log.OwnershipLost(lost, due.Id);
        }
    }

    private Task<HttpCallRow?> ClaimAsync(HttpCallRow due, Ownership owner, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(
            Lane.Work, tx => HttpCallRows.Claim(tx, due, owner, now, now.AddSeconds(options.Value.CallLeaseSeconds)), cancel);
    }

    /// <summary>A run that cannot go on must not make its call for ever: past the last attempt it fails, for people to see.</summary>
    private async Task ResumeOrFailAsync(HttpCallRow call, CallOutcome outcome, Ownership owner, CancellationToken cancel)
    {
        var run = await store.ReadAsync(tx => RunRows.Find(tx, call.OrganisationId, call.RunId), cancel)
            ?? throw new InvalidOperationException($"Run {call.RunId} is missing");
        try
        {
            await ResumeAsync(call, outcome, run, await PlanAsync(run, outcome.ToEvent(call.Node), cancel), owner, cancel);
        }
        catch (Exception fault) when (
            fault is not (OperationCanceledException or StoreUnavailable or OwnershipLost) && call.Attempts >= options.Value.MaxCallAttempts)
        {
            log.RunFault(fault, run.Id);
            await ResumeAsync(call, outcome, run, Failed(run, $"It could not go on ({fault.GetType().Name})"), owner, cancel);
        }
    }

    /// <summary>The answer, the run's next turn and all that follows from it: one write.</summary>
    private async Task ResumeAsync(
        HttpCallRow call, CallOutcome outcome, RunRow run, RunPlan plan, Ownership owner, CancellationToken cancel)
    {
        var (state, status, words) = Words(outcome);
        var now = time.GetUtcNow();
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!HttpCallRows.Settle(tx, call, state, status, words, owner, now)) return false;
                RunRows.Write(tx, run, plan, caps, owner.Epoch, now);
                return true;
            },
            cancel);
        signals.RaiseEffects();
        signals.Views.Raise();
    }

    private async Task<RunPlan> PlanAsync(RunRow run, FlowEvent happened, CancellationToken cancel)
    {
        if (await subjects.OfAsync(run.OrganisationId, run.MessageId, cancel) is not { } subject) return Failed(run, "Its app is gone");
        var flow = await flows.GetAsync(run.OrganisationId, run.FlowId, run.FlowVersion, cancel);
        return planner.Resume(flow, subject, run.Id, run.StartedAt, FlowState.FromJson(run.Snapshot), happened);
    }

    private static RunPlan Failed(RunRow run, string reason) => new(
        FlowState.FromJson(run.Snapshot) with { Status = RunStatus.Failed, WaitingFor = null, Failure = reason }, [], [], []);

    private Task<bool> PutOffAsync(HttpCallRow call, CallOutcome.Later later, CancellationToken cancel)
    {
        var wait = Backoff.After(call.Attempts - 1, TimeSpan.FromSeconds(options.Value.CallRetrySeconds));
        return store.WriteAsync(
            Lane.Work,
            tx =>
            {
                HttpCallRows.PutOff(tx, call, time.GetUtcNow() + wait, later.Reason);
                return true;
            },
            cancel);
    }

    private static (string State, int? Status, string Words) Words(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Answered answered => ("done", answered.Status, Cut(answered.Body)),
        CallOutcome.Later { Answer: { } answer } => ("dead", answer.Status, Cut(answer.Body)),
        CallOutcome.Later later => ("dead", null, later.Reason),
        CallOutcome.Refused refused => ("dead", null, refused.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The row keeps the start for people; the flow was given all of it.</summary>
    private static string Cut(string body) =>
        (body.Length > MostWords ? body[..MostWords] : body).Replace('\0', '\uFFFD');
}
