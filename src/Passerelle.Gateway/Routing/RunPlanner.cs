using Passerelle.Flows;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Routing.Calls;
using Passerelle.Gateway.Store;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Routing;

/// <summary>Turns the engine's effects into rows to be written: letters composed, requests sealed. Nothing happens here.</summary>
internal sealed class RunPlanner(Sealer sealer, TimeProvider time)
{
    /// <param name="startedAt">The run's only clock, so that a repeat renders the same.</param>
    public RunPlan Start(FlowDefinition flow, RunSubject subject, Guid runId, DateTimeOffset startedAt) =>
        Plan(FlowEngine.Start(flow, Input(subject, startedAt)), subject, runId);

    public RunPlan Resume(
        FlowDefinition flow, RunSubject subject, Guid runId, DateTimeOffset startedAt, FlowState state, FlowEvent happened) =>
        Plan(FlowEngine.Resume(flow, Input(subject, startedAt), state, happened), subject, runId);

    private static FlowInput Input(RunSubject subject, DateTimeOffset startedAt) =>
        FlowInputs.Of(subject.Message, subject.Attachments, subject.App, startedAt) with { Templates = subject.Templates };

    private RunPlan Plan(FlowTransition turn, RunSubject subject, Guid runId) => new(
        turn.State,
        turn.Trace,
        [.. turn.Effects.Select(effect => effect switch
        {
            ReplyEffect reply => Answer(reply, subject, runId),
            SendEffect send => Send(send, subject, runId),
            _ => null,
        }).OfType<PlannedAnswer>()],
        [.. turn.Effects.OfType<CallHttpEffect>().Select(call => Call(call, subject))]);

    private PlannedAnswer Answer(ReplyEffect reply, RunSubject subject, Guid runId)
    {
        if (AnswerRule.ReasonAgainst(subject.Message, subject.Mail, subject.OwnAddresses, subject.IsOurs) is { } reason)
        {
            return PlannedAnswer.Refuse(reply.StepId, reason);
        }
        var draft = NewDraft(subject, reply.Text.Length > 0 || reply.Html is null ? reply.Text : Alternatives.TextOf(reply.Html), reply.Html);
        return Planned(
            reply.StepId, draft.Id, ReplyComposer.Reply(subject.Mail, draft.Draft with { Signature = reply.Acknowledgement ? subject.App.Signature : "" }), subject, runId,
            reply.Acknowledgement ? NewLetter.Acknowledgement : NewLetter.Flow, subject.Message.Id);
    }

    /// <summary>A mail to a third person; to the author of the message it is an answer, whatever it is called.</summary>
    private PlannedAnswer Send(SendEffect send, RunSubject subject, Guid runId)
    {
        if (Is(send.To, subject.OwnAddresses)) return PlannedAnswer.Refuse(send.StepId, "A flow does not write to its own mailbox");
        string[] authors = [subject.Message.FromAddress, subject.Mail.EnvelopeFrom ?? "", .. subject.Mail.ReplyTo.Select(party => party.Address)];
        if (Is(send.To, authors)
            && AnswerRule.ReasonAgainst(subject.Message, subject.Mail, subject.OwnAddresses, subject.IsOurs) is { } reason)
        {
            return PlannedAnswer.Refuse(send.StepId, reason);
        }
        var draft = NewDraft(subject, send.Text, send.Html);
        return Planned(
            send.StepId, draft.Id, ReplyComposer.New(draft.Draft with { Subject = send.Subject }, [new MailParty(send.To)]), subject, runId,
            NewLetter.Flow, null);
    }

    private (Guid Id, Draft Draft) NewDraft(RunSubject subject, string text, string? html)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return (id, new Draft
        {
            From = new MailParty(subject.App.EmailId, subject.App.FromName),
            ReplyTo = subject.App.ReplyTo,
            MessageId = NewLetter.InternetIdOf(id, subject.App.EmailId),
            Date = now,
            Text = text,
            Html = html,
            Automatic = true,
            OwnAddresses = subject.OwnAddresses,
        });
    }

    private static PlannedAnswer Planned(
        string stepId, Guid id, Composition composition, RunSubject subject, Guid runId, string origin, Guid? inAnswerTo) =>
        composition switch
        {
            Composition.Composed composed => new PlannedAnswer(stepId, null, new NewLetter
            {
                OrganisationId = subject.Message.OrganisationId,
                AppId = subject.Message.AppId,
                Id = id,
                ConversationId = subject.Message.ConversationId,
                Origin = origin,
                Automatic = true,
                InAnswerTo = inAnswerTo,
                RunId = runId,
                Correspondent = composed.Recipients[0],
                Subject = composed.Subject,
                Raw = composed.Bytes,
                Recipients = composed.Recipients,
                InternetId = composed.MessageId,
            }),
            Composition.Impossible impossible => PlannedAnswer.Refuse(stepId, impossible.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private PlannedCall Call(CallHttpEffect call, RunSubject subject)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var request = new HttpRequestText(call.Method, call.Url, call.Headers, call.Body);
        return new PlannedCall(id, call.StepId, request.Seal(sealer, subject.Message.OrganisationId, id));
    }

    private static bool Is(string address, IEnumerable<string> others) =>
        others.Any(other => Messages.AddressText.Same(address, other));
}
