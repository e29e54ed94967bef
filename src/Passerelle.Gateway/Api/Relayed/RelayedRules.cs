using Passerelle.Gateway.Sending.Orders;

namespace Passerelle.Gateway.Api.Relayed;

/// <summary>What a send call must be before anything is looked up for it, with the model product's own codes (facts/webex-connect.md §3.4).</summary>
internal static class RelayedRules
{
    public const int MostDestinations = 1000;
    public const string InvalidJson = "7000";
    public const string Missing = "7003";
    public const string WrongValue = "7004";
    public const string TooMany = "7009";
    public const string WrongApp = "7104";

    private static readonly TimeSpan Furthest = TimeSpan.FromDays(7);

    /// <returns>Null when nothing is wrong.</returns>
    public static RelayedRefusal? Judge(RelayedOrder order, DateTimeOffset now) => order switch
    {
        { Channel: null } => new(Missing, "channel is missing: give \"email\""),
        { Channel: not "email" } => new(WrongValue, "channel must be \"email\""),
        { From: null or "" } => new(Missing, "from is missing: give the Email ID of an app"),
        { To: null or { Count: 0 } } => new(Missing, "to is missing"),
        { To: var to } when to.Any(one => !one.Addresses.Any()) => new(Missing, "to[].email is missing"),
        { To: var to } when to.Sum(one => one.Addresses.Count()) > MostDestinations => new(TooMany, $"More than {MostDestinations} destinations: split the call"),
        { Content: null, Template: null } => new(Missing, "content or template is missing"),
        { Content: not null, Template: not null } => new(WrongValue, "Give content or template, not both"),
        { Template: { Id: null or "" } } => new(Missing, "template.id is missing"),
        { Content.Type: null } => new(Missing, "content.type is missing: give \"text\" or \"html\""),
        { Content.Type: not ("text" or "html") } => new(WrongValue, "content.type must be \"text\" or \"html\""),
        { Content: { Subject: null } } => new(Missing, "content.subject is missing"),
        { Content: { Type: "text", Text: null } } => new(Missing, "content.text is missing"),
        { Content: { Type: "html", Html: null } } => new(Missing, "content.html is missing"),
        { Content.Attachments: { } files } when files.Any(file => !Uri.TryCreate(file.MediaUrl, UriKind.Absolute, out _)) => new(WrongValue, "content.attachments[].mediaUrl must be an address"),
        { ExpireAt: not null, Validity: not null } => new(WrongValue, "Give expireAt or validity, not both"),
        { Validity: <= 0 or > 31_536_000 } => new(WrongValue, "validity is in seconds, a year at most"),
        { SendAt: { } at } when at > now + Furthest => new(WrongValue, "sendAt may be 7 days ahead at most"),
        { CallbackData.Length: > 2000 } => new(WrongValue, "callbackData has up to 2000 characters"),
        { To: var to } when to.Any(one => one.CorrelationId?.Length > 200) => new(WrongValue, "correlationId has up to 200 characters"),
        { NotifyUrl: { Length: > 0 } } => new(WrongValue, "notifyUrl is not taken: make a webhook in Settings › Webhooks; its events carry correlationId and callbackData"),
        { ContactPolicy: not null } => new(WrongValue, "contactPolicy is not taken: suppressed addresses are never written to, whatever the call says"),
        { Options.ListUnsubscribeUrl: { Length: > 0 } page } when !Uri.TryCreate(page, UriKind.Absolute, out _) => new(WrongValue, "options.listUnsubscribeUrl must be an address"),
        _ => null,
    };

    /// <summary>One mail of the call as an order of ours.</summary>
    /// <param name="to">Its recipients: one, or all with <c>multipleToRecipients</c>.</param>
    public static LetterOrder OrderOf(RelayedOrder order, Guid appId, IEnumerable<string> to, RelayedTo one, DateTimeOffset now)
    {
        var fill = Substitutions.Of(order.Substitutions, one.Substitutions);
        return new LetterOrder
        {
            AppId = appId,
            To = [.. to.Select(address => new OrderedParty(address))],
            Cc = [.. (order.Cc ?? []).Select(address => new OrderedParty(address))],
            Bcc = [.. (order.Bcc ?? []).Select(address => new OrderedParty(address))],
            FromName = order.Options?.FromName,
            ReplyTo = order.Content?.ReplyTo,
            Subject = fill.In(order.Content?.Subject ?? order.Template?.Subject),
            Text = fill.In(order.Content?.Text),
            Html = order.Content?.Type == "html" ? fill.InHtml(order.Content.Html) : null,
            Template = order.Template?.Id,
            Variables = order.Template is null ? null : fill.Variables,
            Files = [.. (order.Content?.Attachments ?? []).Select(file => new OrderedFile
            {
                Name = file.Name,
                Type = file.Mimetype,
                Url = new Uri(file.MediaUrl!), // judged above
                ContentId = file.Cid,
            })],
            Unsubscribe = Unsubscription(order.Options),
            Reference = one.CorrelationId,
            Data = order.CallbackData,
            SendAt = order.SendAt,
            ExpiresAt = order.Validity is { } seconds ? (order.SendAt > now ? order.SendAt.Value : now).AddSeconds(seconds) : order.ExpireAt,
        };
    }

    private static OrderedUnsubscription? Unsubscription(RelayedOptions? options) => options switch
    {
        { ListUnsubscribeUrl: { Length: > 0 } page } => new(new Uri(page), options.UnsubscribeEmailAddress, OneClick: true),
        { UnsubscribeEmailAddress: { Length: > 0 } address } => new(null, address, OneClick: false),
        _ => null,
    };
}
