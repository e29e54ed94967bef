using Passerelle.Flows;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Routing.Flows;

namespace Passerelle.Gateway.Portal;

/// <summary>An app's acknowledgement, on or off.</summary>
/// <param name="Flow">The flow that carries it; null when there is none to use again.</param>
/// <param name="Text">Liquid.</param>
internal sealed record Acknowledgement(FlowRow? Flow, string Text, bool IsOn);

/// <summary>One switch over what is otherwise three steps: a flow of one acknowledgement, published, chosen for the app.</summary>
internal sealed class Acknowledgements(FlowLibrary flows, EmailApps apps)
{
    /// <param name="name">Of the flow that the switch made, so that turning it on again finds its text.</param>
    /// <returns>Null when the app has none and never had.</returns>
    public static Acknowledgement? Of(EmailApp app, IReadOnlyList<FlowRow> flows, string name)
    {
        if (flows.FirstOrDefault(flow => flow.Id == app.FlowId) is { } chosen && AcknowledgementForm.TextOf(chosen.Draft) is { } text)
        {
            return new(chosen, text, IsOn: chosen is { Paused: false, PublishedVersion: > 0 });
        }
        return flows.FirstOrDefault(flow => flow.Name == name && AcknowledgementForm.TextOf(flow.Draft) is not null) is { } older
            ? new(older, AcknowledgementForm.TextOf(older.Draft)!, IsOn: false) // looked at a line above
            : null;
    }

    /// <summary>Each step may be the last one done when the machine stops; doing all again mends it.</summary>
    /// <returns>What is wrong with the text; empty when acknowledging is on.</returns>
    public async Task<IReadOnlyList<FlowError>> TurnOnAsync(Caller caller, EmailApp app, string name, string text, CancellationToken cancel)
    {
        var organisation = caller.OrganisationId;
        var (json, errors) = AcknowledgementForm.ToFlow(name, text);
        if (json is null) return errors;
        var flow = Of(app, await flows.ListAsync(organisation, cancel), name)?.Flow ?? await flows.CreateAsync(organisation, name, json, cancel);
        if (await flows.SaveAsync(organisation, flow.Id, flow.Version, flow.Name, json, cancel) is not FlowChange.Saved { Flow: var saved }
            || await flows.PublishAsync(organisation, flow.Id, saved.Version, caller.PersonId, cancel) is not FlowChange.Published)
        {
            return await TurnOnAsync(caller, app, name, text, cancel); // somebody saved it in between: on top of theirs
        }
        if (flow.Paused) await flows.PauseAsync(organisation, flow.Id, paused: false, cancel);
        await apps.ChooseFlowAsync(organisation, app.Id, flow.Id, cancel);
        return [];
    }
}
