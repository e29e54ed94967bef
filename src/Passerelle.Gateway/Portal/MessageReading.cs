using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;
using Passerelle.Mail.NewWords;

namespace Passerelle.Gateway.Portal;

/// <summary>What only the mail itself tells a page: read once, when the page opens.</summary>
/// <param name="Parts">The person's new words, and what can be folded, in the mail's order.</param>
/// <param name="RemoteImages">Pictures left out because they lie on somebody else's server; null when that is not known any more.</param>
/// <param name="Answer">Null when there is no app that could answer.</param>
internal sealed record MessageReading(
    IReadOnlyList<ReplyPart> Parts, IReadOnlyList<MailAttachment> Attachments, IReadOnlyList<ShownLink> Links, int? RemoteImages, Protection Protection, AnswerPreview? Answer)
{
    /// <summary>False when only the rows are left: nothing can be opened or downloaded.</summary>
    public bool HasSource { get; init; } = true;

    /// <param name="app">Null: it belongs to none.</param>
    public static async Task<MessageReading> OfAsync(Message message, IReadOnlyList<Attachment> attachments, EmailApp? app, MailSources sources, CancellationToken cancel)
    {
        var links = message.Html.Length > 0 ? ShownHtml.Links(message.Html) : [];
        try
        {
            var mail = await sources.ReadAsync(message, app?.OwnAddresses ?? [], cancel);
            return new(mail.Reply.Parts, mail.Attachments, links, mail.RemoteImages, mail.Protection, app is null ? null : AnswerPreview.Of(mail, app));
        }
        catch (FileNotFoundException)
        {
            return new(ReplyText.Cut(message.Text).Parts, [.. attachments.Select(Described)], links, null, Protection.None, null) { HasSource = false };
        }
    }

    private static MailAttachment Described(Attachment part) => new()
    {
        PartNumber = "",
        Name = part.Name.Length > 0 ? part.Name : null,
        Type = part.Type,
        Size = part.Size,
        Sha256 = part.Sha256,
    };
}
