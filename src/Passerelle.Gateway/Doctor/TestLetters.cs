using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Doctor;

/// <summary>The mailbox writes to itself: it proves sending, and when forwarding is on the mail comes back by it.</summary>
internal sealed class TestLetters(IStore store, EmailApps apps, Signals signals, TimeProvider time)
{
    /// <returns>The letter's id; null when there is no such app or its address cannot be written to.</returns>
    public async Task<Guid?> SendAsync(Guid organisationId, Guid appId, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisationId, appId, cancel) is not { } app) return null;
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var self = new MailParty(app.EmailId, app.FromName);
        var draft = new Draft
        {
            From = self,
            MessageId = NewLetter.InternetIdOf(id, app.EmailId),
            Date = now,
            Subject = "Passerelle: send test",
            Text = "This mail proves that Passerelle can send as this mailbox. Nobody has to do anything.",
            Automatic = true,
        };
        if (ReplyComposer.New(draft, [self]) is not Composition.Composed composed) return null;
        await store.WriteAsync(Lane.Work, tx => Write(tx, app, id, composed, now), cancel);
        signals.Letters.Raise();
        return id;
    }

    private static bool Write(Tx tx, EmailApp app, Guid id, Composition.Composed composed, DateTimeOffset now)
    {
        var hints = new ThreadHints([], AddressText.Fold(app.EmailId), composed.Subject);
        Letters.Insert(tx, new NewLetter
        {
            OrganisationId = app.OrganisationId,
            AppId = app.Id,
            Id = id,
            ConversationId = Threads.Place(tx, app.OrganisationId, app.Id, hints, id, now).ConversationId,
            Origin = NewLetter.Test,
            Automatic = false,
            Correspondent = app.EmailId,
            Subject = composed.Subject,
            Raw = composed.Bytes,
            Recipients = composed.Recipients,
            InternetId = composed.MessageId,
        }, now);
        return true;
    }
}
