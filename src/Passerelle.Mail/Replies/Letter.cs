using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Replies;

/// <summary>Turns a finished draft into bytes: every value is checked or flattened before it becomes a header.</summary>
internal static partial class Letter
{
    private static readonly FormatOptions Wire = NewWire();

    public static Composition Write(Draft draft, Audience audience, Thread thread)
    {
        MailParty[] parties = [draft.From, .. audience.To, .. audience.Cc, .. ReplyTo(draft)];
        if (parties.FirstOrDefault(party => !Address().IsMatch(party.Address)) is { } wrong)
            return new Composition.Impossible($"{AddressText.OneLine(wrong.Address, 100)} is not an address that we can write to");
        if (!MessageId().IsMatch(draft.MessageId)) return new Composition.Impossible("The Message-ID is not one");

        using var message = new MimeMessage();
        message.Headers.Clear();
        message.From.Add(Mailbox(draft.From));
        message.To.AddRange(audience.To.Select(Mailbox));
        message.Cc.AddRange(audience.Cc.Select(Mailbox));
        message.ReplyTo.AddRange(ReplyTo(draft).Select(Mailbox));
        message.Subject = AddressText.OneLine(draft.Subject ?? "", 900);
        message.Date = draft.Date.ToUniversalTime();
        message.MessageId = draft.MessageId[1..^1];
        AddThread(message, thread);
        if (draft.Automatic) MarkAutomatic(message, thread.IsAnswer);
        message.Body = Body(draft);
        message.Prepare(EncodingConstraint.SevenBit);

        using var bytes = new MemoryStream();
        message.WriteTo(Wire, bytes);
        return new Composition.Composed(
            draft.MessageId, message.Subject, draft.From.Address,
            [.. audience.To.Concat(audience.Cc).Select(party => party.Address).Distinct(StringComparer.OrdinalIgnoreCase)], bytes.ToArray());
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

    private static MimeEntity Body(Draft draft)
    {
        var text = new TextPart("plain") { Text = Lines(draft.Text) };
        if (draft.Html is not { } html) return text;
        var both = new MultipartAlternative { text, new TextPart("html") { Text = Lines(html) } };
        // Derived from the letter, not random: the same draft is the same bytes.
        both.Boundary = "=-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(draft.MessageId)))[..32];
        return both;
    }

    /// <summary>A lone CR or LF of a quoted mail ends a line here, and nothing on the wire.</summary>
    private static string Lines(string text) => LineEnd().Replace(text, "\n");

    private static MailboxAddress Mailbox(MailParty party) =>
        new(party.Name is null ? "" : AddressText.OneLine(party.Name, 200), party.Address);

    private static FormatOptions NewWire()
    {
        FormatOptions options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        options.EnsureNewLine = true;
        return options;
    }

    [GeneratedRegex("\r\n|\r")]
    private static partial Regex LineEnd();

    /// <summary>Dot-atom or quoted local part in ASCII (RFC 5321 §4.1.2; submission without SMTPUTF8), any domain.</summary>
    [GeneratedRegex(@"\A([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}|""[\x20\x21\x23-\x5B\x5D-\x7E]{1,62}"")@[^\s@<>,;:""()\x00-\x1F]{1,255}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(@"\A<[\x21-\x3B\x3D\x3F-\x7E]{1,500}>\z", RegexOptions.NonBacktracking)]
    private static partial Regex MessageId();
}
