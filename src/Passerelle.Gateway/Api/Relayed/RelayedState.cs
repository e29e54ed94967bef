using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Api.Relayed;

/// <summary>What <c>GET /v2/messages/{id}</c> answers.</summary>
/// <param name="Status">queued, submitted, delivered, bounced, complained, failed, or unknown where it may have left.</param>
/// <param name="Code">As in facts/webex-connect.md §3.4; null while it is queued.</param>
internal sealed record RelayedState(
    Guid MessageId, string Direction, string Status, string? Code, string Description, string Channel, string From, IReadOnlyList<string> To, RelayedSubject Content, string CorrelationId,
    string? CallbackData)
{
    public static RelayedState Of(LetterDetails letter, string from)
    {
        var (status, code) = StatusOf(letter);
        return new(
            letter.Id, "outbound", status, code, letter.StateReason, "email", from, [.. letter.Recipients.Select(one => one.Address)], new(letter.Subject),
            letter.Reference is { Length: > 0 } reference ? reference : letter.Id.ToString(), letter.Data is { Length: > 0 } data ? data : null);
    }

    private static (string Status, string? Code) StatusOf(LetterDetails letter) => letter switch
    {
        _ when letter.Recipients.Any(one => one.CameBack == "complained") => ("complained", "7521"),
        _ when letter.Recipients.Any(one => one.CameBack == "bounced") => ("bounced", "7520"),
        _ when letter.Recipients.Any(one => one.CameBack == "delivered") => ("delivered", "7500"),
        { State: "settled" } => ("submitted", "7501"),
        { State: "dead" } => ("failed", "7554"),
        { State: "unclear" } => ("unknown", "7200"),
        _ => ("queued", null),
    };
}

internal sealed record RelayedSubject(string Subject);
