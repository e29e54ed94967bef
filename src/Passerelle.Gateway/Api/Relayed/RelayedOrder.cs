using System.Text.Json;

namespace Passerelle.Gateway.Api.Relayed;

/// <summary>A send call of the model product (facts/webex-connect.md §3.2), by its own field names. What the SMTP route of that product
/// ignores (clicks, opens, short links, receipts by kind) is ignored here too.</summary>
internal sealed record RelayedOrder
{
    public string? Channel { get; init; }
    public string? From { get; init; }
    public IReadOnlyList<RelayedTo>? To { get; init; }
    public Dictionary<string, JsonElement>? Substitutions { get; init; }
    public IReadOnlyList<string>? Cc { get; init; }
    public IReadOnlyList<string>? Bcc { get; init; }

    /// <summary>True: one mail to all; otherwise one mail for each address.</summary>
    public bool MultipleToRecipients { get; init; }
    public RelayedOptions? Options { get; init; }
    public RelayedContent? Content { get; init; }
    public RelayedTemplate? Template { get; init; }
    public DateTimeOffset? SendAt { get; init; }
    public DateTimeOffset? ExpireAt { get; init; }

    /// <summary>Seconds.</summary>
    public long? Validity { get; init; }
    public string? CallbackData { get; init; }
    public string? NotifyUrl { get; init; }
    public JsonElement? ContactPolicy { get; init; }
}

/// <param name="Email">A list of addresses, or one.</param>
internal sealed record RelayedTo(JsonElement Email, Dictionary<string, JsonElement>? Substitutions, string? CorrelationId)
{
    public IEnumerable<string> Addresses => Email.ValueKind switch
    {
        JsonValueKind.String => [Email.GetString()!], // a string is one
        JsonValueKind.Array => Email.EnumerateArray().Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString()!),
        _ => [],
    };
}

internal sealed record RelayedOptions(string? FromName, string? ListUnsubscribeUrl, string? UnsubscribeEmailAddress);

/// <param name="Type">text or html.</param>
internal sealed record RelayedContent(string? Type, string? Subject, string? ReplyTo, string? Text, string? Html, IReadOnlyList<RelayedFile>? Attachments);

internal sealed record RelayedFile(string? Mimetype, string? Name, string? MediaUrl, string? Cid);

/// <param name="Id">Of one of our templates: its id or its name.</param>
/// <param name="Subject">Instead of the template's.</param>
internal sealed record RelayedTemplate(string? Id, string? Subject);

/// <summary>The answer to one mail.</summary>
internal sealed record RelayedAnswer(DateTimeOffset RequestTimestamp, Guid MessageId, string CorrelationId, string Status);

/// <summary>The answer to several: of the first as for one, and each by itself.</summary>
internal sealed record RelayedAnswers(DateTimeOffset RequestTimestamp, Guid? MessageId, string CorrelationId, string Status, IReadOnlyList<RelayedOne> Messages);

/// <param name="Status">queued or rejected.</param>
/// <param name="Message">Why it was rejected; null otherwise.</param>
internal sealed record RelayedOne(string To, Guid? MessageId, string CorrelationId, string Status, string? Code, string? Message);

/// <param name="Code">As in facts/webex-connect.md §3.4.</param>
internal sealed record RelayedRefusal(string Code, string Message);
