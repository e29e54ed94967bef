using System.Text.RegularExpressions;
using MimeKit;
using Passerelle.Mail.Bodies;
using Passerelle.Mail.Bounces.Dialects;

namespace Passerelle.Mail.Bounces;

/// <summary>A delivery status notification (RFC 3464): what became of which recipient.</summary>
internal sealed partial record DeliveryReport(HeaderList PerMessage, IReadOnlyList<HeaderList> PerRecipient)
{
    private const int Longest = 512 * 1024;

    /// <returns>Null when the mail encloses no message/delivery-status part.</returns>
    public static DeliveryReport? In(MimeMessage message)
    {
        if (PartWalk.Of(message).Select(part => part.Entity).OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status) return null;
        var groups = Bounded(status).StatusGroups.Where(group => group.Count > 0).ToList();
        bool IsRecipient(HeaderList group) => group.Contains("Final-Recipient") || group.Contains("Original-Recipient") || group.Contains("Action");
        return new DeliveryReport(groups.FirstOrDefault(group => !IsRecipient(group)) ?? [], [.. groups.Where(IsRecipient).SelectMany(Apart)]);
    }

    /// <summary>A report that is long is read up to a bound, its headers a line each: MimeKit's reader of them knows none.</summary>
    private static MessageDeliveryStatus Bounded(MessageDeliveryStatus status)
    {
        if (status.Content is not { } content) return status;
        using var bytes = new BoundedStream(Longest);
        content.WriteDecodedTo(bytes);
        return new MessageDeliveryStatus { Content = new MimeContent(new MemoryStream(LongHeaders.Unfolded(bytes.ToArray()))) };
    }

    /// <summary>Some leave out the blank line between two recipients: a field that comes again begins the next.</summary>
    private static List<HeaderList> Apart(HeaderList group)
    {
        List<HeaderList> apart = [[]];
        foreach (Header field in group)
        {
            if (field.Field.ToLowerInvariant() is "final-recipient" or "action" or "status" && apart[^1].Contains(field.Field)) apart.Add([]);
            apart[^1].Add(field);
        }
        return apart;
    }

    /// <param name="text">The readable half of the report: it has the transcript that the fields often lack.</param>
    /// <param name="told">What that half says of each recipient, where its dialect is known.</param>
    /// <param name="command">At which command its failures are when nothing tells; "" for nothing.</param>
    public List<ReportedRecipient> Recipients(ReportText text, IReadOnlyList<ToldFailure> told, string command, OriginalMail original) =>
        [.. PerRecipient.Select(fields => Recipient(fields, text, told, command, original))];

    private ReportedRecipient Recipient(HeaderList fields, ReportText text, IReadOnlyList<ToldFailure> told, string command, OriginalMail original)
    {
        string action = (fields["Action"] ?? "").Split([' ', '('], 2)[0].Trim().ToLowerInvariant();
        string address = Addresses(fields).FirstOrDefault(one => one.Contains('@')) ?? Addresses(fields).FirstOrDefault() ?? "";
        string? diagnostic = fields["Diagnostic-Code"] is { } words ? AddressText.OneLine(words, 1000) : null;
        string said = told.FirstOrDefault(one => AddressText.Same(one.Recipient, address))?.Words ?? "";
        string around = said.Length > 0 ? said : PerRecipient.Count == 1 ? text.Own : "";
        string? reported = BounceCodes.StatusIn(fields["Status"]);
        bool isOfAction = action is not "failed" && reported is not null && reported[0] - '0' == ClassOf(action); // a diagnostic may be an older one
        string? status = isOfAction ? reported : StatusOf(reported, diagnostic, around);
        // A status may carry words of its own: "5.2.1 (mailbox disabled)". Who refused is evidence as well: some words mean
        // something of their own at one provider.
        string spoken = $"{fields["Remote-MTA"]} said {diagnostic} {Comment().Match(fields["Status"] ?? "").Value}{(fields["X-PowerMTA-BounceCategory"] is { } named ? $" bouncecategory: {named}" : "")}";
        int @class = action is "delivered" or "relayed" or "expanded" ? 2 : status is not null ? status[0] - '0' : ClassOf(action);
        return new ReportedRecipient(
            address,
            action,
            status,
            @class,
            diagnostic ?? (said.Length > 0 ? AddressText.OneLine(said, 1000) : null),
            original.MessageId,
            @class is 2 ? "delivered" : BounceCodes.Reason(spoken, around, status, command));
    }

    private static string? StatusOf(string? reported, string? diagnostic, string around)
    {
        string? status = BounceCodes.Better(reported, BounceCodes.StatusIn(diagnostic));
        return status is null || (BounceCodes.IsVague(status) && !ReplyLine().IsMatch(diagnostic ?? "")) ? BounceCodes.Better(status, BounceCodes.StatusIn(around)) : status;
    }

    /// <summary>A mailbox that is a pipe or a file is no address: then the one it was written to is.</summary>
    private static IEnumerable<string> Addresses(HeaderList fields) =>
        new[] { "Final-Recipient", "Original-Recipient" }.Select(name => AddressIn(fields[name] ?? "")).Where(IsAddress);

    private static bool IsAddress(string text) => text.Length > 0 && text[0] is not ('|' or '/' or '@') && !text.Contains(' ');

    private static int ClassOf(string action) => action switch
    {
        "delayed" => 4,
        "delivered" or "relayed" or "expanded" => 2,
        _ => 5,
    };

    /// <summary>"rfc822; user@host" (RFC 3464 §2.1.2), with the brackets that some servers add.</summary>
    private static string AddressIn(string typed)
    {
        string address = AddressText.OneLine(typed[(typed.IndexOf(';') + 1)..], 320);
        return Bracketed().Match(address) is { Success: true } found ? found.Groups[1].Value : address.Trim(' ', '<', '>');
    }

    /// <summary>A diagnostic without a server's reply ("X-Unix; 255") leaves the code to the transcript.</summary>
    [GeneratedRegex(@"\b[245]\d\d[ -]", RegexOptions.NonBacktracking)]
    private static partial Regex ReplyLine();

    [GeneratedRegex(@"\([^)]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"<([^<>\s]+@[^<>\s]+)>", RegexOptions.NonBacktracking)]
    private static partial Regex Bracketed();
}
