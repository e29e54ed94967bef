using System.Text;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Polling;

/// <summary>One look at one mailbox: list what is new, and fetch what should have come and did not.</summary>
internal sealed class MailboxComparison(
    IStore store, Spool spool, MailboxServers servers, PollTokens tokens, OutboundPolicy policy, OutboundTrust trust, Signals signals,
    IOptions<PollingOptions> options, TimeProvider time, ILogger<MailboxComparison> log)
{
    private const int Piece = 64 * 1024;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(60);

    private static readonly Cause NotLetIn = new(
        "mailbox-reading", "F1", Cause.Mailbox, "Let Passerelle read the mailbox again: Forwarding, Spare wheel; IMAP must be switched on for the mailbox", Reaction.SignIn)
    {
        What = "The mailbox's server does not let Passerelle read",
    };

    public async Task LookAsync(MailboxPoll poll, CancellationToken cancel)
    {
        var app = await store.ReadAsync(tx => AppRows.Find(tx, poll.OrganisationId, poll.AppId), cancel);
        if (app is null || servers.Of(app) is not { } server) return;
        switch (await tokens.GetAsync(poll, app, cancel))
        {
            case TokenAnswer.Ready ready:
                await LookAsync(poll, app, server, ready.Secret, cancel);
                return;
            case TokenAnswer.Broken broken:
                await WriteAsync(tx => MailboxPollRows.Break(tx, poll, broken.Finding));
                log.PollBroken(poll.AppId, broken.Finding.Check);
                return;
            case TokenAnswer.Later later:
                await WriteAsync(tx => MailboxPollRows.Failed(tx, poll, later.Reason));
                return;
        }
    }

    private async Task LookAsync(MailboxPoll poll, EmailApp app, MailboxServer server, SecretText token, CancellationToken cancel)
    {
        try
        {
            using var mailbox = await Mailbox.OpenAsync(app, server, token, policy, trust, TimeSpan.FromSeconds(options.Value.ReplySeconds), cancel);
            await ListAsync(poll, mailbox, cancel);
            await FetchAsync(poll, app, mailbox, cancel);
        }
        catch (AuthenticationException refused)
        {
            tokens.Forget(poll);
            await WriteAsync(tx => MailboxPollRows.Break(tx, poll, Causes.Find(NotLetIn, refused.Message)));
            log.PollBroken(poll.AppId, NotLetIn.Check);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var words = OutboundRefused.In(failure)?.Message ?? $"The mailbox cannot be read now ({failure.GetType().Name})";
            await WriteAsync(tx => MailboxPollRows.Failed(tx, poll, words));
            log.PollFailed(failure, poll.AppId);
        }
    }

    private async Task ListAsync(MailboxPoll poll, Mailbox mailbox, CancellationToken cancel)
    {
        var end = mailbox.End; // before the listing: what comes meanwhile is met again
        var items = await mailbox.ListAsync(poll, MailboxPosition.Parse(poll.ListedTo), cancel);
        var now = time.GetUtcNow();
        var grace = TimeSpan.FromSeconds(options.Value.GraceSeconds);
        await WriteAsync(tx =>
        {
            foreach (var item in items) MailboxItemRows.Add(tx, item, item.DeliveredAt + grace);
            MailboxPollRows.Listed(tx, poll, end.ToString(), now);
            MailboxItemRows.Forget(tx, poll.OrganisationId, poll.AppId, now - Remembered);
        });
    }

    private async Task FetchAsync(MailboxPoll poll, EmailApp app, Mailbox mailbox, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var missing = await store.WriteAsync(Lane.Work, tx => Missing(tx, poll, now), cancel);
        foreach (var item in missing)
        {
            await using var bytes = await mailbox.ReadAsync(item, cancel);
            if (bytes is null) await WriteAsync(tx => MailboxItemRows.Settle(tx, item, "gone"));
            else await TakeAsync(item, app, bytes, cancel);
        }
        if (missing.Count > 0) signals.Receipts.Raise();
    }

    /// <summary>Settles what has come by itself, and leaves what has not. Nothing is judged while mail that came is still unread.</summary>
    private List<MailboxItem> Missing(Tx tx, MailboxPoll poll, DateTimeOffset now)
    {
        if (MailboxItemRows.IsReadingBehind(tx, poll.OrganisationId, poll.AppId)) return [];
        var missing = new List<MailboxItem>();
        foreach (var item in MailboxItemRows.Due(tx, poll.OrganisationId, poll.AppId, now, options.Value.Most))
        {
            if (MailboxItemRows.HasArrived(tx, item) || MailboxItemRows.IsForgotten(tx, item, now)) MailboxItemRows.Settle(tx, item, "arrived");
            else missing.Add(item);
        }
        return missing;
    }

    /// <summary>The bytes and their receipt, as if they had been handed to us, in one transaction with the item's end: never twice.</summary>
    private async Task TakeAsync(MailboxItem item, EmailApp app, Stream bytes, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var mail = spool.Begin();
        var buffer = new byte[Piece];
        while (await bytes.ReadAsync(buffer, cancel) is > 0 and var read) await mail.WriteAsync(buffer.AsMemory(0, read), cancel);
        var receipt = new Receipt
        {
            OrganisationId = item.OrganisationId,
            Id = Guid.CreateVersion7(now),
            AppId = item.AppId,
            EnvelopeFrom = SenderIn(mail.Start),
            EnvelopeTo = app.ForwardingAddress,
            RawId = Guid.CreateVersion7(now),
            Size = mail.Size,
            ReceivedAt = now,
            Helo = "",
            RemoteAddress = "",
            Tls = "",
            SessionId = item.Item,
            Origin = Receipt.FromMailbox,
        };
        await mail.PlaceAsync([(receipt.OrganisationId, receipt.RawId)], cancel);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!MailboxItemRows.Settle(tx, item, "fetched", receipt.Id)) return false;
                mail.Insert(tx, receipt.OrganisationId, receipt.RawId, now);
                ReceiptRows.Insert(tx, receipt);
                return true;
            },
            CancellationToken.None);
        log.Fetched(item.AppId, receipt.Id);
    }

    /// <summary>The envelope's sender, which the mailbox's server kept in Return-Path (RFC 5321 §4.4); a mail without that field is its author's.</summary>
    private static string SenderIn(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf("\r\n\r\n"u8);
        using var header = new MemoryStream((end < 0 ? start : start[..(end + 4)]).ToArray());
        var fields = MimeKit.HeaderList.Load(header);
        return fields["Return-Path"] is { } path
            ? path.Trim().Trim('<', '>')
            : InternetAddressList.TryParse(Encoding.UTF8.GetBytes(fields["From"] ?? ""), out var from) ? from.Mailboxes.FirstOrDefault()?.Address ?? "" : "";
    }

    private Task<bool> WriteAsync(Action<Tx> write) => store.WriteAsync(
        Lane.Work,
        tx =>
        {
            write(tx);
            return true;
        },
        CancellationToken.None);
}
