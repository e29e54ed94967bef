using MimeKit;
using MimeKit.Utils;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Brings a mail to each of its recipients, within one lab. When a method returns, everything that follows from
/// the mail is stored or queued, so the answer 250 may be given.</summary>
internal sealed class Transport(Labs labs, Exchanges exchanges, Forward forward, Srs srs, MailSigning signing)
{
    /// <summary>Exchange stops here (5.4.14, facts/microsoft365.md §6.3).</summary>
    public const int MostHops = 20;

    /// <summary>A member of the lab sends a mail: signed for his domain, copied to his Sent Items, delivered.</summary>
    /// <returns>The Message-ID, without angle brackets.</returns>
    public async Task<string> SubmitAsync(
        Submitter submitter, string reversePath, IReadOnlyList<string> recipients, byte[] raw, string helo, CancellationToken cancel)
    {
        var exchange = exchanges.Of(submitter.Lab);
        var (completed, messageId) = Complete(raw, submitter);
        await exchange.Mail.AddAsync(submitter.Address, MailFolder.SentItems, reversePath, completed, cancel);
        var signed = Sign(new Stamp().Received($"{helo} (127.0.0.1)", $"{HostOf(submitter)} (127.0.0.1)",
            "ESMTPSA", submitter.Lab.Time.GetUtcNow()).On(completed), submitter.Domain);
        var mail = new Transit(submitter.Lab, reversePath, signed, FirstReceipt.Submitted(submitter)) { MessageId = messageId };
        await DeliverAsync(mail, recipients, cancel);
        return messageId;
    }

    public async Task DeliverAsync(Transit mail, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        foreach (var recipient in recipients.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            await DeliverAsync(mail, recipient, cancel);
        }
    }

    /// <summary>Tells the writer of a mail that it failed, unless it came from nobody.</summary>
    public async Task ReportAsync(Transit mail, Failure failure, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        exchange.Log.Add("ndr", failure.Recipient, failure.Reply, mail.MessageId);
        if (mail.Writer.Length == 0) return;
        var domain = mail.Lab.State.Directories.FirstOrDefault()?.Domains.FirstOrDefault() ?? MailAddress.DomainOf(mail.Writer);
        var now = mail.Lab.Time.GetUtcNow();
        var report = Ndr.Write(mail.Raw, mail.Writer, failure, domain, now);
        await DeliverAsync(new Transit(mail.Lab, "", report, FirstReceipt.Own(domain)), mail.Writer, cancel);
    }

    /// <summary>The writer behind an SRS address of this host, or null.</summary>
    public string? WriterBehind(string recipient, Twin lab) =>
        srs.Reverse(recipient, lab.Time.GetUtcNow()) ?? exchanges.Of(lab).Bounces.WriterOf(recipient);

    private Task DeliverAsync(Transit mail, string recipient, CancellationToken cancel)
    {
        if (Hops(mail.Raw) > MostHops) return ReportAsync(mail, new Failure(recipient, ExchangeReplies.HopCount, null), cancel);
        if (WriterBehind(recipient, mail.Lab) is { } writer) return DeliverAsync(mail, writer, cancel);
        return labs.Domain(MailAddress.DomainOf(recipient)) switch
        {
            DomainPlace.Verified verified when verified.Lab == mail.Lab => ToMailboxAsync(mail, verified.Directory, recipient, cancel),
            DomainPlace.Outside outside when outside.Lab == mail.Lab => ToCustomerAsync(mail, outside.Domain, recipient, cancel),
            _ => OutOfTheLabAsync(mail, recipient, cancel),
        };
    }

    private async Task ToMailboxAsync(Transit mail, LabDirectory directory, string recipient, CancellationToken cancel)
    {
        if (directory.UserByAddress(recipient) is not { Mailbox: { } mailbox } user)
        {
            await ReportAsync(mail, new Failure(recipient, ExchangeReplies.RecipientNotFound, null), cancel);
            return;
        }

        var exchange = exchanges.Of(mail.Lab);
        var delivered = Arrived(mail, ExchangeReplies.Edge);
        if (mailbox.ForwardingSmtpAddress is null || mailbox.KeepCopy)
        {
            var folder = mail.Arrival.Dmarc == "fail" ? MailFolder.Junk : MailFolder.Inbox;
            var kept = await exchange.Mail.AddAsync(user.Address, folder, mail.ReversePath, delivered, cancel);
            exchange.Log.Add("deliver", user.Address, folder.ToString(), mail.MessageId);
            await AnswerAsync(new Submitter(mail.Lab, user.Address, user.DisplayName, directory), kept, cancel);
        }

        if (mailbox.ForwardingSmtpAddress is { } target) await ForwardAsync(mail, delivered, directory, user, target, cancel);
    }

    private async Task ForwardAsync(
        Transit mail, byte[] delivered, LabDirectory directory, LabUser user, string target, CancellationToken cancel)
    {
        if (Forward.IsLoop(mail.Raw, user))
        {
            await ReportAsync(mail, new Failure(user.Address, ExchangeReplies.HopCount, null), cancel);
            return;
        }

        var exchange = exchanges.Of(mail.Lab);
        var forwarded = forward.Make(mail, delivered, directory, user, user.Mailbox!.KeepCopy); // the caller saw its mailbox
        if (forwarded.ReversePath.StartsWith("bounces+", StringComparison.Ordinal))
            exchange.Bounces.Remember(forwarded.ReversePath, mail.ReversePath);
        exchange.Log.Add("forward", user.Address, target, mail.MessageId);
        await DeliverAsync(forwarded, target, cancel);
    }

    private async Task ToCustomerAsync(Transit mail, OutsideDomain domain, string recipient, CancellationToken cancel)
    {
        if (domain.Customer(recipient) is not { } customer)
        {
            await ReportAsync(mail, new Failure(recipient, "550 5.1.1 No such user here", $"mail.{domain.Name}"), cancel);
            return;
        }

        var exchange = exchanges.Of(mail.Lab);
        var kept = await exchange.Mail.AddAsync(
            customer.Address, MailFolder.Inbox, mail.ReversePath, Arrived(mail, $"mail.{domain.Name}"), cancel);
        exchange.Log.Add("deliver", customer.Address, nameof(MailFolder.Inbox), mail.MessageId);
        await AnswerAsync(new Submitter(mail.Lab, customer.Address, customer.DisplayName, null), kept, cancel);
    }

    private async Task OutOfTheLabAsync(Transit mail, string recipient, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        if (exchange.Settings.RouteOf(MailAddress.DomainOf(recipient)) is null)
        {
            await ReportAsync(mail, new Failure(recipient, ExchangeReplies.NoSuchDomain, null), cancel);
            return;
        }

        await exchange.Relay.AddAsync(mail.ReversePath, recipient, mail.Writer, mail.Raw, cancel);
    }

    private async Task AnswerAsync(Submitter owner, StoredMail received, CancellationToken cancel)
    {
        var exchange = exchanges.Of(owner.Lab);
        var responder = exchange.Settings.Current.Responders.GetValueOrDefault(MailAddress.Key(owner.Address));
        if (AutoReply.To(received, owner, responder) is not { } reply) return;
        exchange.Log.Add("auto-reply", owner.Address, received.ReversePath, received.MessageId);
        await SubmitAsync(owner, reply.ReversePath, [received.ReversePath], reply.Raw, $"mail.{owner.Domain}", cancel);
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
