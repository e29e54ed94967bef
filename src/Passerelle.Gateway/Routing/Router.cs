using Microsoft.Extensions.Options;
using Passerelle.Flows;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Store;
using Passerelle.Mail;

namespace Passerelle.Gateway.Routing;

/// <summary>How one message goes through its app's flow. The engine runs outside any transaction; what follows is one write.</summary>
internal sealed class Router(
    IStore store, Ownerships ownerships, RunSubjects subjects, FlowLibrary library, PublishedFlows flows, RunPlanner planner,
    AnswerCaps caps, Signals signals, IOptions<RoutingOptions> options, TimeProvider time, ILogger<Router> log)
{
    public const string Canary = "The doctor wrote it: it proves that mail is forwarded";
    public const string NoFlow = "Its app has no flow: for people";
    public const string NotPublished = "The flow of its app was never published: for people";
    public const string Confirms = "A provider asks whether it may forward here: its code is on the app's page";
    public const string FlowPaused = "The flow of its app is paused: for people";

    public Task<List<ReadyMessage>> DueAsync(int limit, CancellationToken cancel) =>
        store.ReadAsync(tx => RoutingRows.Due(tx, time.GetUtcNow(), ownerships.Others, limit), cancel);

    /// <summary>The message is settled afterwards, or due again later, or left to a newer owner.</summary>
    public async Task RouteAsync(ReadyMessage message, CancellationToken cancel)
    {
        if (await ownerships.IfHereAsync(message.OrganisationId, message.AppId, cancel) is not { } owner) return;
        try
        {
            await SettleAsync(message, await DecideAsync(message, cancel), owner, cancel);
        }
        catch (OwnershipLost lost)
        {
            ownerships.Forget(owner);
            log.OwnershipLost(lost, message.Id);
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StoreUnavailable))
        {
            await EndureAsync(message, fault, owner, cancel);
        }
    }

    private async Task<Decision> DecideAsync(ReadyMessage message, CancellationToken cancel)
    {
        if (await subjects.OfAsync(message.OrganisationId, message.Id, cancel) is not { } subject) return new Decision.Keep("Its app is gone");
        if (subject.Message.Kind == MailKind.Unreadable.Word()) return new Decision.Keep($"It cannot be read: {subject.Message.KindEvidence}");
        if (subject.Message.Kind == MailKind.ForwardingConfirmation.Word()) return new Decision.Keep(Confirms);
        if (subject.Message.Kind == MailKind.Canary.Word()) return new Decision.Keep(Canary);
        if (subject.App.FlowId is not { } flowId) return new Decision.Keep(NoFlow);
        return await library.FindAsync(message.OrganisationId, flowId, cancel) switch
        {
            null => new Decision.Keep(NoFlow),
            { PublishedVersion: 0 } => new Decision.Keep(NotPublished),
            { Paused: true } => new Decision.Keep(FlowPaused),
            var flow => Plan(subject, flow, await flows.GetAsync(message.OrganisationId, flowId, flow.PublishedVersion, cancel)),
        };
    }

    private Decision.Run Plan(RunSubject subject, FlowRow flow, FlowDefinition definition)
    {
        // As the row will hold it, to the millisecond: a resumed run must render with the very same clock.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var run = new RunRow
        {
            OrganisationId = subject.Message.OrganisationId,
            Id = Guid.CreateVersion7(now),
            AppId = subject.Message.AppId,
            MessageId = subject.Message.Id,
            ConversationId = subject.Message.ConversationId,
            FlowId = flow.Id,
            FlowVersion = flow.PublishedVersion,
            State = "waiting",
            StateReason = "",
            Snapshot = "{}",
            StartedAt = now,
        };
        return new(run, planner.Start(definition, subject, run.Id, now));
    }

    private async Task SettleAsync(ReadyMessage message, Decision decision, Ownership owner, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var routed = await store.WriteAsync(
            Lane.Work,
            tx => RoutingRows.Hold(tx, message, owner, now) ?? decision switch
            {
                Decision.Keep keep => RoutingRows.Keep(tx, message, keep.Reason, owner, now),
                Decision.Run run => RoutingRows.Run(tx, message, run.Row, run.Plan, caps, owner, now),
                _ => throw new System.Diagnostics.UnreachableException(),
            },
            cancel);
        log.Routed(message.Id, routed.ToString());
        if (decision is Decision.Run) signals.RaiseEffects();
        signals.Views.Raise();
    }

    /// <summary>Tried again a few times, then kept: a message that breaks us must not stop its conversation for good.</summary>
    private async Task EndureAsync(ReadyMessage message, Exception fault, Ownership owner, CancellationToken cancel)
    {
        log.RoutingFault(fault, message.Id, message.Attempts + 1);
        if (message.Attempts + 1 >= options.Value.MaxAttempts)
        {
            var reason = $"Its flow could not be run ({fault.GetType().Name}): for people";
            try
            {
                await SettleAsync(message, new Decision.Keep(reason), owner, cancel);
            }
            catch (OwnershipLost)
            {
                ownerships.Forget(owner);
            }
            return;
        }
        var wait = Backoff.After(message.Attempts, TimeSpan.FromSeconds(options.Value.RetrySeconds));
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                RoutingRows.PutOff(tx, message, time.GetUtcNow() + wait);
                return true;
            },
            cancel);
    }

    private abstract record Decision
    {
        private Decision() { }

        public sealed record Keep(string Reason) : Decision;
        public sealed record Run(RunRow Row, RunPlan Plan) : Decision;
    }
}
