using Passerelle.Gateway.Queue.Outbox;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>An address outside that is told of the events it wants.</summary>
internal sealed record Webhook
{
    public const string On = "on";
    public const string Off = "off";

    public required Guid OrganisationId { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Url { get; init; }

    /// <summary>Words with a space between them, of <see cref="EventTypes.All"/>.</summary>
    public required string Types { get; init; }

    /// <summary>on or off; nothing is called, and nothing new kept for it, while it is off.</summary>
    public required string State { get; init; }

    /// <summary>Why it is off; empty otherwise.</summary>
    public required string StateReason { get; init; }

    /// <summary>Sealed.</summary>
    public required string Secret { get; init; }

    /// <summary>Sealed; signs beside the new one until <see cref="FormerUntil"/>. Null: the secret was not changed.</summary>
    public string? FormerSecret { get; init; }
    public DateTimeOffset? FormerUntil { get; init; }

    /// <summary>Rounds in a row in which nothing was taken.</summary>
    public required long Failures { get; init; }

    /// <summary>Null: the last round was taken.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>It is not called before: a receiver that is down is not asked by each event anew.</summary>
    public required DateTimeOffset RestUntil { get; init; }
    public Guid? PersonId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<string> TypeList => Types.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    public bool Wants(string type) => State == On && TypeList.Contains(type);
}

/// <summary>What a person or a program says of a webhook.</summary>
/// <param name="Types">Of <see cref="EventTypes.All"/>.</param>
/// <param name="IsOn">False: nothing is called.</param>
internal sealed record WebhookForm(string Name, string Url, IReadOnlyList<string> Types, bool IsOn = true);

/// <summary>What became of such a form.</summary>
internal abstract record WebhookOutcome
{
    private WebhookOutcome() { }

    /// <param name="NewSecret">To be shown this once; null when it was not changed.</param>
    public sealed record Saved(Webhook Webhook, string? NewSecret) : WebhookOutcome;

    /// <param name="Field">name, url or types.</param>
    /// <param name="Sentence">What to do about it.</param>
    public sealed record Refused(string Field, string Sentence) : WebhookOutcome;

    /// <summary>The organisation has no such webhook.</summary>
    public sealed record Unknown : WebhookOutcome;
}

/// <summary>Every rule of the form.</summary>
internal static class WebhookRules
{
    public const int LongestName = 100;
    public const int LongestUrl = 2048;
    public const int MostWebhooks = 50;

    /// <returns>Null when nothing is wrong.</returns>
    public static WebhookOutcome.Refused? Judge(WebhookForm form) => form switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) || name.Trim().Length > LongestName => new("name", "Give it a name of up to 100 characters"),
        { Url: var url } when !Uri.TryCreate(url.Trim(), UriKind.Absolute, out var parsed) || parsed.Scheme is not ("https" or "http") || url.Length > LongestUrl =>
            new("url", "Give an address that begins with https://"),
        { Url: var url } when new Uri(url.Trim()) is { Scheme: "http", IsLoopback: false } => new("url", "Use https://: others could read along otherwise"),
        { Url: var url } when new Uri(url.Trim()) is { UserInfo.Length: > 0 } or { Fragment.Length: > 0 } => new("url", "Leave user names, passwords and # out of the address"),
        { Types.Count: 0 } => new("types", "Choose at least one event"),
        { Types: var types } when types.FirstOrDefault(type => !EventTypes.All.Contains(type)) is not null => new("types", "Choose events from the list only"),
        _ => null,
    };
}
