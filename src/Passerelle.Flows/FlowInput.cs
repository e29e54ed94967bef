using Passerelle.Flows.Liquid;

namespace Passerelle.Flows;

/// <summary>What a run is about. The same input must be given to every call for one run: the state does not repeat it.</summary>
public sealed record FlowInput
{
    public required FlowMessage Message { get; init; }

    public required FlowApp App { get; init; }

    /// <summary>The only clock that a flow sees ("now" in Liquid), so that a repeat renders the same.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Texts that replies name, by their names.</summary>
    public IReadOnlyDictionary<string, TemplateSource> Templates { get; init; } = new Dictionary<string, TemplateSource>();
}

public sealed record FlowApp(string Name, string Address);

/// <summary>The message as flows see it: <c>message.subject</c>, <c>message.from.address</c>, <c>message.to[0].name</c> …</summary>
public sealed record FlowMessage
{
    public required string Id { get; init; }

    /// <summary>Word of the kind: "human".</summary>
    public required string Kind { get; init; }
    public FlowParty? From { get; init; }
    public IReadOnlyList<FlowParty> To { get; init; } = [];
    public IReadOnlyList<FlowParty> Cc { get; init; } = [];
    public string Subject { get; init; } = "";
    public string Text { get; init; } = "";

    /// <summary>Without quoted past and signature.</summary>
    public string ReplyText { get; init; } = "";
    public DateTimeOffset? Date { get; init; }
    public string? MessageId { get; init; }

    /// <summary>genuine, unproven or suspicious.</summary>
    public string Verdict { get; init; } = "unproven";
    public IReadOnlyList<FlowAttachment> Attachments { get; init; } = [];
}

public sealed record FlowParty(string Address, string? Name);

public sealed record FlowAttachment(string? Name, string Type, long Size);
