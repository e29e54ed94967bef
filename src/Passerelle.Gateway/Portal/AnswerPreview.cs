using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Portal;

/// <summary>Who would get an answer, worked out by the composer that will write it.</summary>
/// <param name="Refusal">Why there can be no answer; null when there can.</param>
internal sealed record AnswerPreview(IReadOnlyList<string> ToAuthor, IReadOnlyList<string> ToAll, string? Refusal)
{
    public static AnswerPreview Of(ReadMail mail, EmailApp app)
    {
        var (one, refusal) = RecipientsOf(mail, app, toAll: false);
        return new(one, RecipientsOf(mail, app, toAll: true).Recipients, refusal);
    }

    public static Task<ReadMail> ReadAsync(MailSources sources, Message message, EmailApp app, CancellationToken cancel) =>
        sources.ReadAsync(message, app.OwnAddresses, cancel);

    private static (IReadOnlyList<string> Recipients, string? Refusal) RecipientsOf(ReadMail mail, EmailApp app, bool toAll) =>
        ReplyComposer.Reply(
            mail,
            new Draft
            {
                From = new MailParty(app.EmailId, app.FromName),
                MessageId = "<preview@localhost>",
                Date = DateTimeOffset.UnixEpoch,
                Text = "",
                ToAll = toAll,
                OwnAddresses = app.OwnAddresses,
            }) switch
        {
            Composition.Composed composed => (composed.Recipients, null),
            Composition.Impossible impossible => ([], impossible.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
