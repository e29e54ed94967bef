namespace Passerelle.Mail.Replies;

/// <summary>Writes the mails that leave. Pure. Text given to it can never become a header.</summary>
public static class ReplyComposer
{
    /// <summary>An answer: recipients, subject and threading headers come from the original (RFC 5322 §3.6.4).</summary>
    public static Composition Reply(ReadMail original, Draft draft)
    {
        var to = Audience.Of(original, draft);
        if (to.To.Count == 0) return new Composition.Impossible("The mail names nobody to answer");
        draft = Signed(draft);
        string text = draft.Quote ? Quotation.Below(draft.Text, original) : draft.Text;
        string? html = draft is { Quote: true, Html: { } own } ? Quotation.BelowHtml(own, original) : draft.Html;
        return Letter.Write(
            draft with { Text = text, Html = html, Subject = draft.Subject ?? SubjectOf(original.Subject) },
            to,
            new Thread(original.MessageId, Ancestors(original)));
    }

    private static Draft Signed(Draft draft) => draft.Signature.Length == 0
        ? draft
        : draft with
        {
            Text = $"{draft.Text.TrimEnd()}\n\n-- \n{draft.Signature.Trim()}",
            Html = draft.Html is { } html
                ? $"{html}<p>-- <br>{System.Net.WebUtility.HtmlEncode(draft.Signature.Trim()).ReplaceLineEndings("<br>")}</p>"
                : null,
        };

    /// <summary>A mail that answers nothing.</summary>
    public static Composition New(Draft draft, IReadOnlyList<MailParty> to, IReadOnlyList<MailParty>? cc = null) =>
        to.Count == 0
            ? new Composition.Impossible("The mail has no recipient")
            : Letter.Write(draft with { Subject = draft.Subject ?? "" }, new Audience(to, cc ?? []), new Thread(null, [], IsAnswer: false));

    /// <summary>One "Re: ", however many there were, whatever the language that wrote them.</summary>
    private static string SubjectOf(string subject)
    {
        string bare = subject.Trim();
        while (Prefixes.FirstOrDefault(prefix => bare.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } found)
            bare = bare[found.Length..].TrimStart();
        return $"Re: {bare}".TrimEnd();
    }

    private static readonly string[] Prefixes = ["Re:", "RE :", "Aw:", "Sv:", "Antw:", "Ref:"];

    /// <summary>Most ancestors kept: the first, which names the conversation, and the newest.</summary>
    private const int MostReferences = 20;

    private static List<string> Ancestors(ReadMail original)
    {
        List<string> ids = original.References.Count > 0 ? [.. original.References] : original.InReplyTo is { } parent ? [parent] : [];
        if (original.MessageId is { } id) ids.Add(id);
        ids = [.. ids.Distinct(StringComparer.Ordinal)];
        return ids.Count <= MostReferences ? ids : [ids[0], .. ids[^(MostReferences - 1)..]];
    }
}
