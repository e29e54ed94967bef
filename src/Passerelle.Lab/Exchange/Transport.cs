using MimeKit;
using MimeKit.Utils;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Brings a mail to each of its recipients. When a public method returns, everything that follows from the mail is
/// stored or queued, so the answer 250 may be given; when it throws, nothing is.</summary>
internal sealed class Transport(Labs labs, Exchanges exchanges, Forward forward, Srs srs, MailSigning signing)
{
    /// <summary>Exchange stops here (5.4.14, facts/microsoft365.md §6.3).</summary>
    public const int MostHops = 20;

    /// <summary>A member of the lab sends a mail: signed for his domain, copied to his Sent Items, delivered.</summary>
    /// <returns>The Message-ID, without angle brackets.</returns>
    public async Task<string> SubmitAsync(
        Submitter submitter, string reversePath, IReadOnlyList<string> recipients, byte[] raw, string helo, CancellationToken cancel)
    {
        using var batch = new MailBatch();
        var id = await SubmitAsync(batch, submitter, reversePath, recipients, raw, helo, cancel);
        batch.Keep();
        return id;
    }

    /// <summary>One mail to the recipients that each lab has: delivered to all of them or to none.</summary>
    public async Task DeliverAsync(IEnumerable<(Transit Mail, IReadOnlyList<string> Recipients)> copies, CancellationToken cancel)
    {
        using var batch = new MailBatch();
        foreach (var (mail, recipients) in copies) await DeliverAsync(batch, mail, recipients, cancel);
        batch.Keep();
    }

    /// <summary>Tells the writer of a mail that it failed, unless it came from nobody.</summary>
    public async Task ReportAsync(Transit mail, Failure failure, CancellationToken cancel)
    {
        using var batch = new MailBatch();
        await ReportAsync(batch, mail, failure, cancel);
        batch.Keep();
    }

    /// <summary>The writer behind an SRS address of this host, or null.</summary>
    public string? WriterBehind(string recipient, Twin lab) =>
        srs.Reverse(recipient, lab.Time.GetUtcNow()) ?? exchanges.Of(lab).Bounces.WriterOf(recipient);

    private async Task<string> SubmitAsync(
        MailBatch batch, Submitter submitter, string reversePath, IReadOnlyList<string> recipients, byte[] raw, string helo,
        CancellationToken cancel)
    {
        var exchange = exchanges.Of(submitter.Lab);
        var (completed, messageId) = Complete(raw, submitter);
        await exchange.Mail.PrepareAsync(batch, submitter.Address, MailFolder.SentItems, reversePath, completed, cancel);
        var signed = Sign(new Stamp().Received($"{helo} (127.0.0.1)", $"{HostOf(submitter)} (127.0.0.1)",
            "ESMTPSA", submitter.Lab.Time.GetUtcNow()).On(completed), submitter.Domain);
        var mail = new Transit(submitter.Lab, reversePath, signed, FirstReceipt.Submitted(submitter)) { MessageId = messageId };
        await DeliverAsync(batch, mail, recipients, cancel);
        return messageId;
    }

    private async Task DeliverAsync(MailBatch batch, Transit mail, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        foreach (var recipient in recipients.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            await DeliverAsync(batch, mail, recipient, cancel);
        }
    }

    private async Task ReportAsync(MailBatch batch, Transit mail, Failure failure, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        batch.Then(() => exchange.Log.Add("ndr", failure.Recipient, failure.Reply, mail.MessageId));
        if (mail.Writer.Length == 0) return;
        var domain = mail.Lab.State.Directories.FirstOrDefault()?.Domains.FirstOrDefault() ?? MailAddress.DomainOf(mail.Writer);
        var now = mail.Lab.Time.GetUtcNow();
        var report = Ndr.Write(mail.Raw, mail.Writer, failure, domain, now);
        await DeliverAsync(batch, new Transit(mail.Lab, "", report, FirstReceipt.Own(domain)), mail.Writer, cancel);
    }

    private Task DeliverAsync(MailBatch batch, Transit mail, string recipient, CancellationToken cancel)
    {
        if (Hops(mail.Raw) > MostHops) return ReportAsync(batch, mail, new Failure(recipient, ExchangeReplies.HopCount, null), cancel);
        if (WriterBehind(recipient, mail.Lab) is { } writer) return DeliverAsync(batch, mail, writer, cancel);
        return labs.Domain(MailAddress.DomainOf(recipient)) switch
        {
            DomainPlace.Verified verified when verified.Lab == mail.Lab => ToMailboxAsync(batch, mail, verified.Directory, recipient, cancel),
            DomainPlace.Outside outside when outside.Lab == mail.Lab => ToCustomerAsync(batch, mail, outside.Domain, recipient, cancel),
            _ => OutOfTheLabAsync(batch, mail, recipient, cancel),
        };
    }

    private async Task ToMailboxAsync(MailBatch batch, Transit mail, LabDirectory directory, string recipient, CancellationToken cancel)
    {
        if (directory.UserByAddress(recipient) is not { Mailbox: { } mailbox } user)
        {
            await ReportAsync(batch, mail, new Failure(recipient, ExchangeReplies.RecipientNotFound, null), cancel);
            return;
        }

        var exchange = exchanges.Of(mail.Lab);
        var delivered = Arrived(mail, ExchangeReplies.Edge);
        if (mailbox.ForwardingSmtpAddress is null || mailbox.KeepCopy)
        {
            var folder = mail.Arrival.Dmarc == "fail" ? MailFolder.Junk : MailFolder.Inbox;
            var kept = await exchange.Mail.PrepareAsync(batch, user.Address, folder, mail.ReversePath, delivered, cancel);
            batch.Then(() => exchange.Log.Add("deliver", user.Address, folder.ToString(), mail.MessageId));
            await AnswerAsync(batch, new Submitter(mail.Lab, user.Address, user.DisplayName, directory), kept, cancel);
        }

        if (mailbox.ForwardingSmtpAddress is { } target) await ForwardAsync(batch, mail, delivered, directory, user, target, cancel);
    }

    private async Task ForwardAsync(
        MailBatch batch, Transit mail, byte[] delivered, LabDirectory directory, LabUser user, string target, CancellationToken cancel)
    {
        if (Forward.IsLoop(mail.Raw, user))
        {
            await ReportAsync(batch, mail, new Failure(user.Address, ExchangeReplies.HopCount, null), cancel);
            return;
        }

        if (directory.AutoForwarding is not AutoForwarding.On && !directory.Owns(MailAddress.DomainOf(target)))
        {
            await ReportAsync(batch, mail, new Failure(user.Address, ExchangeReplies.ForwardingForbidden, null), cancel);
            return;
        }

        var exchange = exchanges.Of(mail.Lab);
        var forwarded = forward.Make(mail, delivered, directory, user, user.Mailbox!.KeepCopy); // the caller saw its mailbox
        if (forwarded.ReversePath.StartsWith("bounces+", StringComparison.Ordinal))
            exchange.Bounces.Remember(forwarded.ReversePath, mail.ReversePath);
        batch.Then(() => exchange.Log.Add("forward", user.Address, target, mail.MessageId));
        await DeliverAsync(batch, forwarded, target, cancel);
    }

    private async Task ToCustomerAsync(MailBatch batch, Transit mail, OutsideDomain domain, string recipient, CancellationToken cancel)
    {
        if (domain.Customer(recipient) is not { } customer)
        {
            await ReportAsync(batch, mail, new Failure(recipient, "550 5.1.1 No such user here", $"mail.{domain.Name}"), cancel);
            return;
        }

        var exchange = exchanges.Of(mail.Lab);
        var kept = await exchange.Mail.PrepareAsync(
            batch, customer.Address, MailFolder.Inbox, mail.ReversePath, Arrived(mail, $"mail.{domain.Name}"), cancel);
        batch.Then(() => exchange.Log.Add("deliver", customer.Address, nameof(MailFolder.Inbox), mail.MessageId));
        await AnswerAsync(batch, new Submitter(mail.Lab, customer.Address, customer.DisplayName, null), kept, cancel);
    }

    private async Task OutOfTheLabAsync(MailBatch batch, Transit mail, string recipient, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        if (exchange.Settings.RouteOf(MailAddress.DomainOf(recipient)) is null)
        {
            await ReportAsync(batch, mail, new Failure(recipient, ExchangeReplies.NoSuchDomain, null), cancel);
            return;
        }

        await exchange.Relay.PrepareAsync(batch, mail.ReversePath, recipient, mail.Writer, mail.Raw, cancel);
    }

    private async Task AnswerAsync(MailBatch batch, Submitter owner, StoredMail received, CancellationToken cancel)
    {
        var exchange = exchanges.Of(owner.Lab);
        var responder = exchange.Settings.Current.Responders.GetValueOrDefault(MailAddress.Key(owner.Address));
        if (AutoReply.To(received, owner, responder) is not { } reply) return;
        batch.Then(() => exchange.Log.Add("auto-reply", owner.Address, received.ReversePath, received.MessageId));
        await SubmitAsync(batch, owner, reply.ReversePath, [received.ReversePath], reply.Raw, $"mail.{owner.Domain}", cancel);
    }

    private static byte[] Arrived(Transit mail, string by) => new Stamp()
        .Add("Return-Path", $"<{mail.ReversePath}>")
        .Received($"{mail.Arrival.Helo} ({mail.Arrival.ClientIp})", by,
            "Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384)", mail.Lab.Time.GetUtcNow())
        .Add("Authentication-Results", mail.Arrival.AuthenticationResults)
        .Add("Received-SPF", mail.Arrival.ReceivedSpf)
        .On(mail.Raw);

    private byte[] Sign(byte[] raw, string domain) =>
        SignedHeaders.On(raw, mail => signing.SignDkim(mail, domain));

    /// <summary>The submission server adds what the client left out (RFC 6409 §8).</summary>
    private static (byte[] Raw, string MessageId) Complete(byte[] raw, Submitter submitter)
    {
        var headers = MessageIds.Headers(raw);
        var stamp = new Stamp();
        var id = MessageIds.First(headers[HeaderId.MessageId]);
        if (id is null)
        {
            id = $"{submitter.Lab.NewId():N}@{submitter.Domain}";
            stamp.Add("Message-ID", $"<{id}>");
        }

        stamp.AddWhen(!headers.Contains(HeaderId.Date), "Date", DateUtils.FormatDate(submitter.Lab.Time.GetUtcNow()));
        return (stamp.On(raw), id);
    }

    private static string HostOf(Submitter submitter) =>
        submitter.Directory is null ? $"mail.{submitter.Domain}" : ExchangeReplies.BackEnd;

    private static int Hops(byte[] raw) =>
        MessageIds.Headers(raw).Count(header => header.Id == HeaderId.Received);
}
