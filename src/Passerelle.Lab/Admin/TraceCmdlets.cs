using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Message trace (facts §7.1), told from the lab's own log: what is forgotten there cannot be traced.</summary>
internal static class TraceCmdlets
{
    private static readonly string[] Known =
        ["MessageTraceId", "MessageId", "SenderAddress", "RecipientAddress", "StartDate", "EndDate", "Status", "StartingRecipientAddress"];

    public static readonly Cmdlet[] All =
    [
        new("Get-MessageTraceV2", CmdletNeed.Read, Known, call => Lines(call).GroupBy(l => (l.Id, l.Recipient)).Select(mail => Show(call, [.. mail]))),
        new("Get-MessageTraceDetailV2", CmdletNeed.Read, Known, call =>
        {
            var wanted = Guid.TryParse(call.Given.Required("MessageTraceId"), out var id) ? id : throw CmdletFault.Bad("MessageTraceId is not a GUID.");
            var recipient = call.Given.Required("RecipientAddress");
            return Lines(call).Where(l => TraceId(l.Id) == wanted && Same(l.Recipient, recipient)).Select(l => new JsonObject
            {
                ["MessageTraceId"] = wanted.ToString(), ["MessageId"] = $"<{l.Id}>", ["RecipientAddress"] = l.Recipient,
                ["Date"] = Iso(l.At), ["Event"] = l.Event, ["Detail"] = l.Detail,
            });
        }),
    ];

    private sealed record Line(string Id, DateTimeOffset At, string Sender, string Recipient, string Event, string Status, string Detail);

    private static IEnumerable<Line> Lines(CmdletCall call)
    {
        var given = call.Given;
        var from = given.Time("StartDate") ?? call.Now.AddHours(-48);
        var until = given.Time("EndDate") ?? call.Now.AddMinutes(1);
        if (until - from > TimeSpan.FromDays(10)) throw CmdletFault.Bad("The date range of a message trace is at most 10 days.");
        var id = given.Text("MessageId")?.Trim('<', '>');
        var entries = call.Exchange.Log.Entries.Where(e => e.MessageId is not null).ToArray();
        var senders = entries.Where(e => e.Kind is "submit" or "receive").GroupBy(e => e.MessageId).ToDictionary(g => g.Key ?? "", g => g.First().Who);
        return entries.Select(e => Of(call, e, senders.GetValueOrDefault(e.MessageId ?? "") ?? Stored(call, e.MessageId)?.ReversePath ?? "")).OfType<Line>()
            .Where(l => l.At >= from && l.At <= until && (id is null || l.Id == id)
                && (given.Text("SenderAddress") is not { } sender || Same(l.Sender, sender))
                && (given.Text("RecipientAddress") is not { } recipient || Same(l.Recipient, recipient))
                && (given.Text("Status") is not { } status || l.Status.Equals(status, StringComparison.OrdinalIgnoreCase)));
    }

    /// <returns>Null for what is no step of a delivery, and for recipients that this organisation has nothing to do with.</returns>
    private static Line? Of(CmdletCall call, JournalEntry entry, string sender)
    {
        (string Event, string Status)? step = entry.Kind switch
        {
            "deliver" when entry.Answer == nameof(MailFolder.Quarantine) => ("Quarantine", "Quarantined"),
            "deliver" => ("Deliver", "Delivered"),
            "forward" => ("Redirect", "Expanded"),
            "relay" when entry.Answer.StartsWith('2') => ("Send external", "Delivered"),
            "relay" => ("Defer", "Pending"),
            "ndr" => ("Fail", "Failed"),
            "drop" => ("Drop", "Failed"),
            _ => null,
        };
        var ours = call.Directory.Owns(MailAddress.DomainOf(entry.Who)) || call.Directory.Owns(MailAddress.DomainOf(sender)) || entry.Kind == "relay";
        return step is not { } known || !ours || entry.MessageId is not { } id ? null
            : new Line(id, entry.At, sender, entry.Who, known.Event, known.Status, entry.Answer);
    }

    private static JsonObject Show(CmdletCall call, Line[] mail)
    {
        var last = mail[^1];
        var stored = Stored(call, last.Id);
        return new JsonObject
        {
            ["MessageTraceId"] = TraceId(last.Id).ToString(),
            ["MessageId"] = $"<{last.Id}>",
            ["Received"] = Iso(mail[0].At),
            ["SenderAddress"] = last.Sender,
            ["RecipientAddress"] = last.Recipient,
            ["Subject"] = stored?.Subject ?? "",
            ["Status"] = last.Status,
            ["Size"] = stored?.Bytes ?? 0,
            ["FromIP"] = null,
            ["ToIP"] = null,
        };
    }

    private static StoredMail? Stored(CmdletCall call, string? messageId) =>
        call.Exchange.Mail.FindByMessageId(messageId ?? "") is [var first, ..] ? first : null;

    /// <summary>The same for every answer about one mail.</summary>
    private static Guid TraceId(string messageId) => new(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 16));

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
