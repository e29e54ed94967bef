using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Templates;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Sending.Orders;

/// <summary>From an order to a letter that waits: found, gathered, composed, written; nothing is kept of an order that is refused.</summary>
internal sealed class LetterOrders(IStore store, MailSources sources, OrderedFiles files, TemplateLibrary templates, AnswerCaps caps, Signals signals, TimeProvider time)
{
    /// <inheritdoc cref="WriteAsync(Guid, Guid?, LetterOrder, OrderKey?, CancellationToken)"/>
    public Task<OrderOutcome> WriteAsync(Guid organisationId, Guid? personId, LetterOrder order, CancellationToken cancel) =>
        WriteAsync(organisationId, personId, order, null, cancel);

    /// <param name="personId">Who orders; null: a machine.</param>
    /// <param name="once">Given again under it, it is the letter that was written before. Null: each order is a letter.</param>
    public async Task<OrderOutcome> WriteAsync(Guid organisationId, Guid? personId, LetterOrder order, OrderKey? once, CancellationToken cancel)
    {
        if (once is not null && await store.ReadAsync(tx => once.Before(tx, organisationId), cancel) is { } before) return before;
        if (OrderRules.ReasonAgainst(order, time.GetUtcNow()) is { } reason) return new OrderOutcome.Refused(reason);
        if (await FindAsync(organisationId, order, cancel) is not { App: { } app } found) return new OrderOutcome.Unknown();
        if (RefusalOf(app) is { } refusal) return new OrderOutcome.Refused(refusal);
        (order, var unfilled) = await FillAsync(organisationId, order, cancel);
        if (unfilled is not null) return new OrderOutcome.Refused(unfilled);
        if (found.Message is { RawPrunedAt: not null }) return new OrderOutcome.Refused(Message.SourceGone);
        var mail = found.Message is { } message ? await sources.ReadAsync(message, app.OwnAddresses, cancel) : null;
        if (mail is not null && order.Automatic && AutomaticAnswers.ReasonAgainst(mail, app.OwnAddresses, _ => false) is { } against) return new OrderOutcome.Refused(against);
        var (gathered, wrong) = await files.GatherAsync(organisationId, order.Files, cancel);
        if (wrong is not null) return new OrderOutcome.Refused(wrong);
        var id = order.Key ?? Guid.CreateVersion7(time.GetUtcNow());
        if (order.Attendance is not null && CalendarOf(mail, app, order) is null) return new OrderOutcome.Refused("The message invites to nothing that can be answered");
        return Compose(order, app, mail, gathered, id) switch
        {
            Composition.Composed composed => await InsertAsync(LetterOf(order, app, found.Message, personId, id, composed), order, once, cancel),
            Composition.Impossible impossible => new OrderOutcome.Refused(impossible.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private Task<Found> FindAsync(Guid organisationId, LetterOrder order, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var message = order.InAnswerTo is { } answered ? MessageRows.Find(tx, organisationId, answered) : null;
            if (order.InAnswerTo is not null && message is null) return new Found(null, null);
            var app = AppRows.Find(tx, organisationId, order.AppId ?? message?.AppId ?? Guid.Empty);
            return app is null || (message is not null && message.AppId != app.Id) ? new Found(null, null) : new Found(app, message);
        },
        cancel);

    /// <summary>What the order says itself goes before what its template says.</summary>
    /// <returns>The order with its texts; or the sentence that says what the template lacks.</returns>
    private async Task<(LetterOrder Order, string? Refusal)> FillAsync(Guid organisationId, LetterOrder order, CancellationToken cancel)
    {
        if (order.Template is not { } called) return (order, null);
        if (await templates.FindAsync(organisationId, called, cancel) is not { } template) return (order, $"There is no template {Shown(called)}: see GET /api/v1/templates");
        return templates.Fill(template.Source, order.Variables ?? []) switch
        {
            TemplateFilling.Filled filled when order is { InAnswerTo: null, Subject: null } && filled.Subject is null => (order, $"The template {template.Name} has no subject: give one"),
            TemplateFilling.Filled filled => (order with
            {
                Subject = order.Subject ?? filled.Subject,
                Text = order.Text ?? filled.Text,
                Html = order.Html ?? filled.Html,
            }, null),
            TemplateFilling.Missing missing => (order, $"Template {template.Name}: {string.Join("; ", missing.Variables.Take(10).Select(one => one.Sentence))}"),
            TemplateFilling.Failed failed => (order, $"Template {template.Name}, {failed.Fault.Part}: {failed.Fault.Sentence}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static string Shown(string called) => called.Length > 100 ? called[..100] : called;

    private static string? RefusalOf(EmailApp app) => app.State switch
    {
        AppState.Draft => "The app is still a draft: save and authorise it first",
        AppState.Retired or AppState.Gone => "The app was retired: nothing leaves from it",
        _ => null, // unauthorised, paused, broken: the letter waits until the app works
    };

    private Composition Compose(LetterOrder order, EmailApp app, ReadMail? mail, IReadOnlyList<Enclosure> gathered, Guid id)
    {
        var draft = new Draft
        {
            From = new MailParty(app.EmailId, order.FromName ?? app.FromName),
            ReplyTo = order.ReplyTo ?? app.ReplyTo,
            MessageId = NewLetter.InternetIdOf(id, app.EmailId),
            Date = time.GetUtcNow(),
            Subject = order.Subject,
            Text = order.Text ?? (order.Html is { } html ? Alternatives.TextOf(html) : ""),
            Html = order.Html ?? (order.Text is { Length: > 0 } text ? Alternatives.HtmlOf(text) : null),
            Bcc = Parties(order.Bcc),
            Enclosures = gathered,
            Automatic = order.Automatic,
            Unsubscription = order.Unsubscribe is { } leave ? new Unsubscription(leave.Page, leave.Address, leave.OneClick) : null,
            Calendar = CalendarOf(mail, app, order),
            ToAll = order.ReplyAll,
            OwnAddresses = app.OwnAddresses,
        };
        return mail is null ? ReplyComposer.New(draft, Parties(order.To), Parties(order.Cc)) : ReplyComposer.Reply(mail, draft);
    }

    /// <summary>Answered as the address of ours that was invited; as the mailbox where the invitation names none of them.</summary>
    private string? CalendarOf(ReadMail? mail, EmailApp app, LetterOrder order)
    {
        if (order.Attendance is not { } attendance || mail?.Calendars.FirstOrDefault(calendar => calendar.Method == "REQUEST") is not { } invitation) return null;
        var invited = invitation.Items.SelectMany(item => item.Attendees).FirstOrDefault(one => app.OwnAddresses.Any(own => AddressText.Same(own, one.Address)));
        return CalendarAnswer.Of(invitation, new MailParty(invited?.Address ?? app.EmailId, invited?.Name ?? app.FromName), attendance, order.Text ?? "", time.GetUtcNow());
    }

    private static List<MailParty> Parties(IReadOnlyList<OrderedParty> parties) => [.. parties.Select(party => new MailParty(party.Address.Trim(), party.Name))];

    private static NewLetter LetterOf(LetterOrder order, EmailApp app, Message? message, Guid? personId, Guid id, Composition.Composed composed) => new()
    {
        OrganisationId = app.OrganisationId,
        AppId = app.Id,
        Id = id,
        ConversationId = message?.ConversationId ?? Guid.Empty, // placed in the transaction that writes it
        Origin = NewLetter.Order,
        Automatic = order.Automatic,
        InAnswerTo = message?.Id,
        PersonId = personId,
        Correspondent = composed.Recipients[0],
        Subject = composed.Subject,
        Raw = composed.Bytes,
        Recipients = composed.Recipients,
        InternetId = composed.MessageId,
        Lane = order.Bulk ? LetterLane.Bulk : null,
        NotBefore = order.SendAt,
        ExpiresAt = order.ExpiresAt,
    };

    private async Task<OrderOutcome> InsertAsync(NewLetter letter, LetterOrder order, OrderKey? once, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var outcome = await store.WriteAsync<OrderOutcome>(Lane.Work, tx => Insert(tx, letter, order, once, now), cancel);
        signals.Letters.Raise();
        signals.Views.Raise();
        return outcome;
    }

    private OrderOutcome Insert(Tx tx, NewLetter letter, LetterOrder order, OrderKey? once, DateTimeOffset now)
    {
        if (once?.Before(tx, letter.OrganisationId) is { } repeated) return repeated; // the same order was faster
        var before = tx.For(letter.OrganisationId).List<string>(
            "SELECT subject FROM letter WHERE organisation_id = @organisation AND id = @Id", new { letter.Id });
        if (before is [var subject])
        {
            return subject == letter.Subject ? new OrderOutcome.Written(letter.Id) : new OrderOutcome.Refused("This key belongs to another letter: ask with a new one");
        }
        var placed = order.InAnswerTo is not null
            ? letter
            : letter with
            {
                ConversationId = Threads.Place(
                    tx, letter.OrganisationId, letter.AppId, new ThreadHints([], Messages.AddressText.Fold(letter.Correspondent), letter.Subject), letter.Id, now).ConversationId,
            };
        var wanted = new WantedAnswer(placed.OrganisationId, placed.AppId, placed.ConversationId, placed.Correspondent, placed.Origin);
        if (placed is { Automatic: true, InAnswerTo: not null } && !caps.Allows(tx, wanted, now, out var cap)) return new OrderOutcome.Refused(cap);
        if (MailRecipients.ReasonAgainst(tx, placed.OrganisationId, placed.AppId, placed.Recipients.Count) is { } tooMany) return new OrderOutcome.Refused(tooMany.ToString());
        Letters.Insert(tx, placed, now);
        once?.Note(tx, placed.OrganisationId, placed.Id, now);
        if (order is { Reference: not null } or { Data: not null }) NoteReference(tx, placed, order);
        return new OrderOutcome.Written(placed.Id);
    }

    private static void NoteReference(Tx tx, NewLetter letter, LetterOrder order) => tx.For(letter.OrganisationId).Execute(
        "INSERT INTO letter_reference (organisation_id, letter_id, reference, data) VALUES (@organisation, @Id, @reference, @data)",
        new { letter.Id, reference = order.Reference ?? "", data = order.Data ?? "" });

    private sealed record Found(EmailApp? App, Message? Message);
}
