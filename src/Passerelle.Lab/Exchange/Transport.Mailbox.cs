using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>The last steps of a mail to a mailbox: filter, copy, rules of its owner, forwarding.</summary>
internal sealed partial class Transport
{
    private async Task ToMailboxAsync(MailBatch batch, Transit mail, LabDirectory directory, string recipient, CancellationToken cancel)
    {
        if (directory.Contact(recipient) is { } contact)
        {
            var rewritten = srs.Rewrite(mail.ReversePath, contact.Address, mail.Lab.Time.GetUtcNow(), directory.Domains[0]);
            await DeliverAsync(batch, mail with { ReversePath = rewritten }, contact.ExternalAddress, cancel);
            return;
        }

        if (directory.UserByAddress(recipient) is not { Mailbox: { } mailbox } user)
        {
            await ReportAsync(batch, mail, new Failure(recipient, ExchangeReplies.RecipientNotFound, null), cancel);
            return;
        }

        if (mailbox.Disabled)
        {
            await ReportAsync(batch, mail, new Failure(user.Address, ExchangeReplies.MailboxDisabled, null), cancel);
            return;
        }

        var flow = directory.MailFlowAt(mail.Lab.Time.GetUtcNow());
        var folder = SpamFilter.FolderOf(flow, mail);
        var delivered = Arrived(mail, ExchangeReplies.Edge, folder);
        if (folder is MailFolder.Quarantine)
        {
            await StoreAsync(batch, mail, user, folder, delivered, cancel);
            return;
        }

        var target = directory.ForwardTarget(mailbox);
        if (target is null || mailbox.KeepCopy) await KeepAsync(batch, mail, delivered, directory, user, folder, cancel);
        if ((target is null || mailbox.KeepCopy) && !mailbox.Full) await ReceiptAsync(batch, mail, recipient, cancel);
        if (target is null) return;
        var by = mailbox.KeepCopy ? ForwardedBy.MailboxThatKeepsACopy : ForwardedBy.Mailbox;
        await ForwardAsync(batch, mail, delivered, directory, user, target, by, cancel);
    }

    /// <summary>The mailbox's own copy, its rules, and what it answers by itself.</summary>
    private async Task KeepAsync(
        MailBatch batch, Transit mail, byte[] delivered, LabDirectory directory, LabUser user, MailFolder folder, CancellationToken cancel)
    {
        if (user.Mailbox is { Full: true })
        {
            await ReportAsync(batch, mail, new Failure(user.Address, ExchangeReplies.MailboxFull, null), cancel);
            return;
        }

        var outcome = InboxRules.Run(user, mail.Raw, folder);
        var kept = await StoreAsync(batch, mail, user, outcome.Folder, delivered, cancel);
        var owner = new Submitter(mail.Lab, user.Address, user.DisplayName, directory);
        await AnswerAsync(batch, owner, kept, cancel);
        foreach (var to in outcome.RedirectTo) await ForwardAsync(batch, mail, delivered, directory, user, to, ForwardedBy.Rule, cancel);
        foreach (var to in outcome.ForwardTo) await ForwardByRuleAsync(batch, mail, owner, to, asAttachment: false, cancel);
        foreach (var to in outcome.ForwardAsAttachmentTo) await ForwardByRuleAsync(batch, mail, owner, to, asAttachment: true, cancel);
    }

    private async Task<StoredMail> StoreAsync(
        MailBatch batch, Transit mail, LabUser user, MailFolder folder, byte[] delivered, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        var kept = await exchange.Mail.PrepareAsync(batch, user.Address, folder, mail.ReversePath, delivered, cancel);
        batch.Then(() => exchange.Log.Add("deliver", user.Address, folder.ToString(), mail.MessageId));
        return kept;
    }

    private async Task ForwardAsync(
        MailBatch batch, Transit mail, byte[] delivered, LabDirectory directory, LabUser user, string target, ForwardedBy by,
        CancellationToken cancel)
    {
        if (by is not ForwardedBy.Rule && Forward.IsLoop(mail.Raw, user))
        {
            await ReportAsync(batch, mail, new Failure(user.Address, ExchangeReplies.HopCount, null), cancel);
            return;
        }

        if (!await MayForwardAsync(batch, mail, directory, user.Address, target, cancel)) return;
        var exchange = exchanges.Of(mail.Lab);
        var forwarded = forward.Make(mail, delivered, directory, user, target, by);
        if (forwarded.ReversePath.StartsWith("bounces+", StringComparison.Ordinal))
            exchange.Bounces.Remember(forwarded.ReversePath, mail.ReversePath);
        batch.Then(() => exchange.Log.Add("forward", user.Address, target, mail.MessageId));
        await DeliverAsync(batch, forwarded, [target], cancel);
    }

    /// <summary>A rule's forward is a new mail from the mailbox; when it may not leave, it is still the writer who is told.</summary>
    private async Task ForwardByRuleAsync(
        MailBatch batch, Transit mail, Submitter owner, string to, bool asAttachment, CancellationToken cancel)
    {
        var directory = owner.Directory ?? throw new InvalidOperationException("Only mailboxes have rules");
        if (!await MayForwardAsync(batch, mail, directory, owner.Address, to, cancel)) return;
        var exchange = exchanges.Of(mail.Lab);
        batch.Then(() => exchange.Log.Add("forward", owner.Address, to, mail.MessageId));
        var raw = Sign(RuleForward.Write(mail, owner, to, asAttachment), owner);
        var forwarded = new Transit(mail.Lab, owner.Address, raw, FirstReceipt.Submitted(owner))
        {
            Writer = mail.Writer,
            MessageId = MessageIds.Of(raw),
            Origin = directory.Id,
            AutoForwarded = true,
        };
        await DeliverAsync(batch, forwarded, [to], cancel);
    }

    private async Task<bool> MayForwardAsync(
        MailBatch batch, Transit mail, LabDirectory directory, string mailbox, string target, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        switch (directory.MailFlowAt(mail.Lab.Time.GetUtcNow()).PolicyFor(directory, mailbox, target))
        {
            case ForwardPolicy.Dropped:
                batch.Then(() => exchange.Log.Add("drop", mailbox, $"Automatic forwarding to {target}: not allowed by its remote domain", mail.MessageId));
                return false;
            case ForwardPolicy.Forbidden:
                await ReportAsync(batch, mail, new Failure(mailbox, ExchangeReplies.ForwardingForbidden, null), cancel);
                return false;
            default:
                return true;
        }
    }
}
