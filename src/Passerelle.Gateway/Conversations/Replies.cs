using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Conversations;

/// <summary>How writing an answer ended.</summary>
internal abstract record ReplyOutcome
{
    private ReplyOutcome() { }

    /// <summary>The letter waits to leave, or had been written before under the same key.</summary>
    public sealed record Written(Guid LetterId) : ReplyOutcome;

    /// <summary>The organisation has no such message.</summary>
    public sealed record Unknown : ReplyOutcome;

    /// <param name="Sentence">What to do about it.</param>
    /// <param name="Phrase">The same with its values apart; null: it has none.</param>
    public sealed record Refused(string Sentence, Phrase? Phrase = null) : ReplyOutcome;
}

/// <summary>A person's plain answer to a message: threaded, from the mailbox, by the same path as every letter.</summary>
internal sealed class Replies(IStore store, MailSources sources, Signals signals, TimeProvider time)
{
    public const int LongestText = 100_000;

    /// <param name="key">Chosen by who asks, once per answer; it becomes the letter's id, so asking twice writes one letter.</param>
    /// <param name="personId">Who answers; people are not capped.</param>
    /// <param name="replyAll">Everybody who got the message, except the mailbox itself.</param>
    public async Task<ReplyOutcome> WriteAsync(
        Guid organisationId, Guid messageId, Guid personId, bool replyAll, string text, Guid key, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(text)) return new ReplyOutcome.Refused("Write something first");
        if (text.Length > LongestText) return new ReplyOutcome.Refused($"The answer is longer than {LongestText} characters: shorten it");
        var (message, app) = await store.ReadAsync(
            tx => MessageRows.Find(tx, organisationId, messageId) is { } found
                ? (found, AppRows.Find(tx, organisationId, found.AppId))
                : (null, null),
            cancel);
        if (message is null) return new ReplyOutcome.Unknown();
        if (app is null || RefusalOf(app) is { } refusal && refusal.Length > 0)
        {
            return new ReplyOutcome.Refused(app is null ? "This message belongs to no app that could answer" : RefusalOf(app));
        }
        if (message.RawPrunedAt is not null) return new ReplyOutcome.Refused(Message.SourceGone);
        var mail = await sources.ReadAsync(message, app.OwnAddresses, cancel);
        return Compose(mail, app, replyAll, text, key) switch
        {
            Composition.Composed composed => await InsertAsync(message, personId, key, composed, cancel),
            Composition.Impossible impossible => new ReplyOutcome.Refused(impossible.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <returns>Empty when the app may write.</returns>
    private static string RefusalOf(EmailApp app) => app.State switch
    {
        AppState.Draft => "The app is still a draft: save and authorise it first",
        AppState.Retired or AppState.Gone => "The app was retired: nothing leaves from it",
        _ => "", // unauthorised, paused, broken: the letter waits until the app works
    };

    private Composition Compose(ReadMail mail, EmailApp app, bool replyAll, string text, Guid key) => ReplyComposer.Reply(
        mail,
        new Draft
        {
            From = new MailParty(app.EmailId, app.FromName),
            ReplyTo = app.ReplyTo,
            Signature = app.Signature,
            MessageId = NewLetter.InternetIdOf(key, app.EmailId),
            Date = time.GetUtcNow(),
            Text = text,
            Quote = true,
            ToAll = replyAll,
            OwnAddresses = app.OwnAddresses,
        });

    private async Task<ReplyOutcome> InsertAsync(
        Message message, Guid personId, Guid key, Composition.Composed composed, CancellationToken cancel)
    {
        var letter = new NewLetter
        {
            OrganisationId = message.OrganisationId,
            AppId = message.AppId,
            Id = key,
            ConversationId = message.ConversationId,
            Origin = NewLetter.Person,
            Automatic = false,
            InAnswerTo = message.Id,
            PersonId = personId,
            Correspondent = composed.Recipients[0],
            Subject = composed.Subject,
            Raw = composed.Bytes,
            Recipients = composed.Recipients,
            InternetId = composed.MessageId,
        };
        var now = time.GetUtcNow();
        var outcome = await store.WriteAsync<ReplyOutcome>(Lane.Work, tx => Insert(tx, letter, now), cancel);
        signals.Letters.Raise();
        signals.Views.Raise();
        return outcome;
    }

    private static ReplyOutcome Insert(Tx tx, NewLetter letter, DateTimeOffset now)
    {
        var answers = tx.For(letter.OrganisationId).List<Answered>(
            "SELECT in_answer_to FROM letter WHERE organisation_id = @organisation AND id = @Id", new { letter.Id });
        if (answers is [var before])
        {
            return before.InAnswerTo == letter.InAnswerTo
                ? new ReplyOutcome.Written(letter.Id)
                : new ReplyOutcome.Refused("This key belongs to another answer: ask with a new one");
        }
        if (MailRecipients.ReasonAgainst(tx, letter.OrganisationId, letter.AppId, letter.Recipients.Count) is { } tooMany) return new ReplyOutcome.Refused(tooMany.ToString(), tooMany);
        Letters.Insert(tx, letter, now);
        return new ReplyOutcome.Written(letter.Id);
    }

    private sealed record Answered
    {
        public Guid? InAnswerTo { get; init; }
    }
}
