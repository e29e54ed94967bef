using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Replies;

/// <summary>Turns a finished draft into bytes: every value is checked or flattened before it becomes a header.</summary>
internal static partial class Letter
{
    private const string OwnHeader = "X-Passerelle-Letter";
    private static readonly FormatOptions Wire = NewWire(international: false);
    private static readonly FormatOptions WireOfUtf8 = NewWire(international: true);

    public static Composition Write(Draft draft, Audience audience, Thread thread)
    {
        MailParty[] parties = [draft.From, .. audience.To, .. audience.Cc, .. draft.Bcc, .. ReplyTo(draft)];
        if (parties.FirstOrDefault(party => !Address().IsMatch(party.Address)) is { } wrong)
            return new Composition.Impossible($"{AddressText.OneLine(wrong.Address, 100)} is not an address that we can write to");
        if (!MessageId().IsMatch(draft.MessageId)) return new Composition.Impossible("The Message-ID is not one");

        using var message = new MimeMessage();
        message.Headers.Clear();
        message.From.Add(Mailbox(draft.From));
        message.To.AddRange(audience.To.Select(Mailbox));
        message.Cc.AddRange(audience.Cc.Select(Mailbox));
        message.ReplyTo.AddRange(ReplyTo(draft).Select(Mailbox));
        string subject = AddressText.OneLine(draft.Subject ?? "", 900);
        message.Headers.Add(HeaderId.Subject, EncodedWords.Shielded(subject));
        message.Date = draft.Date.ToUniversalTime();
        message.MessageId = draft.MessageId[1..^1];
        // Survives a server that writes the Message-ID over, and comes back in what it reports.
        if (OwnId().Match(draft.MessageId) is { Success: true } own) message.Headers.Add(OwnHeader, own.Groups[1].Value);
        AddThread(message, thread);
        if (draft.Automatic) MarkAutomatic(message, thread.IsAnswer);
        if (draft.Unsubscription is { } leave) OfferToLeave(message, leave);
        message.Body = LetterBody.Of(draft);
        message.Prepare(EncodingConstraint.SevenBit);

        using var bytes = new MemoryStream();
        message.WriteTo(parties.Any(NeedsSmtpUtf8) ? WireOfUtf8 : Wire, bytes);
        return new Composition.Composed(
            draft.MessageId, subject, draft.From.Address,
            [.. audience.To.Concat(audience.Cc).Concat(draft.Bcc).Select(EnvelopeAddress).Distinct(StringComparer.OrdinalIgnoreCase)], bytes.ToArray());
    }

    private static IEnumerable<MailParty> ReplyTo(Draft draft) => draft.ReplyTo.Length > 0 ? [new MailParty(draft.ReplyTo)] : [];

    private static void AddThread(MimeMessage message, Thread thread)
    {
        // Ids of strangers: one that is not an id by the letter is left out rather than repaired.
        if (thread.InReplyTo is { } parent && MessageId().IsMatch(parent)) message.Headers.Add(HeaderId.InReplyTo, parent);
        string[] references = [.. thread.References.Where(id => MessageId().IsMatch(id))];
        if (references.Length > 0) message.Headers.Add(HeaderId.References, string.Join(' ', references));
    }

    /// <summary>RFC 3834 §5: what answers a mail is <c>auto-replied</c>, what a machine began by itself <c>auto-generated</c>.</summary>
    private static void MarkAutomatic(MimeMessage message, bool isAnswer)
    {
        message.Headers.Add("Auto-Submitted", isAnswer ? "auto-replied" : "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
    }

    /// <summary>RFC 8058 §3.1: the one click is a POST to a page over TLS, and the header must then be covered by a signature, which Exchange makes.</summary>
    private static void OfferToLeave(MimeMessage message, Unsubscription leave)
    {
        List<string> ways = [];
        if (leave.Page is { } page) ways.Add($"<{page.AbsoluteUri}>");
        if (leave.Address is { } address && Address().IsMatch(address)) ways.Add($"<mailto:{Uri.EscapeDataString(address).Replace("%40", "@", StringComparison.Ordinal)}?subject=unsubscribe>");
        if (ways.Count == 0) return;
        message.Headers.Add(HeaderId.ListUnsubscribe, string.Join(", ", ways));
        if (leave is { OneClick: true, Page.Scheme: "https" }) message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }

    /// <summary>A local part outside of ASCII has no other spelling (RFC 6531 §1.1); a domain has.</summary>
    private static bool NeedsSmtpUtf8(MailParty party) => !System.Text.Ascii.IsValid(AddressText.LocalPart(party.Address));

    private static string EnvelopeAddress(MailParty party) => System.Text.Ascii.IsValid(party.Address) || NeedsSmtpUtf8(party)
        ? party.Address
        : $"{AddressText.LocalPart(party.Address)}@{party.Domain}";

    /// <summary>A name that looks like an encoded word loses that look: readers differ in what they make of several such words before an address.</summary>
    private static MailboxAddress Mailbox(MailParty party) =>
        new(party.Name is null ? "" : AddressText.OneLine(party.Name, 200).Replace("=?", "= ?", StringComparison.Ordinal), party.Address);

    private static FormatOptions NewWire(bool international)
    {
        FormatOptions options = FormatOptions.Default.Clone();
        options.International = international;
        options.NewLineFormat = NewLineFormat.Dos;
        options.EnsureNewLine = true;
        return options;
    }

    /// <summary>Dot-atom or quoted local part (RFC 5321 §4.1.2), its letters those of any language (RFC 6531 §3.3); any domain.</summary>
    [GeneratedRegex(@"\A([A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF-]{1,64}|""[\x20\x21\x23-\x5B\x5D-\x7E]{1,62}"")@[^\s@<>,;:""()\x00-\x1F]{1,255}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    /// <summary>The left part that a letter's own id makes.</summary>
    [GeneratedRegex(@"\A<([0-9a-f]{32})@", RegexOptions.NonBacktracking)]
    private static partial Regex OwnId();

    [GeneratedRegex(@"\A<[\x21-\x3B\x3D\x3F-\x7E]{1,500}>\z", RegexOptions.NonBacktracking)]
    private static partial Regex MessageId();
}
