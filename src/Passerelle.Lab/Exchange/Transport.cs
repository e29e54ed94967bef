using System.Collections.Immutable;
using MimeKit;
using MimeKit.Utils;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Brings a mail to each of its recipients. When a public method returns, everything that follows from the mail is
/// stored or queued, so the answer 250 may be given; when it throws, nothing is.</summary>
internal sealed partial class Transport(
    Labs labs, Exchanges exchanges, Forward forward, Srs srs, MailSigning signing, MailRules rules)
{
    /// <summary>Exchange stops here (5.4.14, facts/microsoft365.md §6.3).</summary>
    public const int MostHops = 20;

    /// <summary>A member of the lab sends a mail: signed for his domain, copied to his Sent Items, delivered.</summary>
    /// <param name="keepsCopy">Whether a copy goes to Sent Items: a program may say no.</param>
    /// <returns>The Message-ID, without angle brackets.</returns>
    public Task<string> SubmitAsync(
        Submitter submitter, string reversePath, IReadOnlyList<string> recipients, byte[] raw, string helo, CancellationToken cancel,
        bool keepsCopy = true) =>
        SubmitAsync(submitter, reversePath, recipients, raw, helo, ImmutableDictionary<string, DsnWish>.Empty, cancel, keepsCopy);

    /// <param name="wishes">What he wants to hear, by recipient.</param>
    public async Task<string> SubmitAsync(
        Submitter submitter, string reversePath, IReadOnlyList<string> recipients, byte[] raw, string helo,
        ImmutableDictionary<string, DsnWish> wishes, CancellationToken cancel, bool keepsCopy = true)
    {
        using var batch = new MailBatch();
        var id = await SubmitAsync(batch, submitter, reversePath, recipients, raw, helo, wishes, cancel, keepsCopy);
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
        ImmutableDictionary<string, DsnWish> wishes, CancellationToken cancel, bool keepsCopy = true)
    {
        var exchange = exchanges.Of(submitter.Lab);
        var (completed, messageId, echoed) = Complete(raw, submitter);
        if (keepsCopy) await exchange.Mail.PrepareAsync(batch, submitter.Address, MailFolder.SentItems, reversePath, completed, cancel);
        var signed = Sign(new Stamp().Received($"{helo} (127.0.0.1)", $"{HostOf(submitter)} (127.0.0.1)",
            "ESMTPSA", submitter.Lab.Time.GetUtcNow()).On(completed), submitter);
        var mail = new Transit(submitter.Lab, reversePath, signed, FirstReceipt.Submitted(submitter))
        {
            MessageId = messageId,
            Origin = submitter.Directory?.Id,
            Wishes = wishes,
        };
        await DeliverAsync(batch, mail, recipients, cancel);
        return echoed;
    }

    /// <summary>First the rules of the organisations that it passes, then each recipient.</summary>
    private async Task DeliverAsync(MailBatch batch, Transit mail, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        foreach (var group in recipients.Distinct(StringComparer.OrdinalIgnoreCase).GroupBy(recipient => NextRules(mail, recipient)))
        {
            if (group.Key is { } directory) await RuleAsync(batch, mail, directory, [.. group], cancel);
            else await DeliverAllAsync(batch, mail, [.. group], cancel);
        }
    }

    /// <summary>The organisation whose mail flow rules come next: the one it was sent in, then the recipient's.</summary>
    private LabDirectory? NextRules(Transit mail, string recipient)
    {
        if (mail.IsReport) return null;
        var state = mail.Lab.State;
        if (mail.Origin is { } origin && !mail.RuledBy.Contains(origin)) return state.Directory(origin);
        return state.DirectoryOfDomain(MailAddress.DomainOf(recipient)) is { } place && !mail.RuledBy.Contains(place.Id) ? place : null;
    }

    private async Task RuleAsync(
        MailBatch batch, Transit mail, LabDirectory directory, IReadOnlyList<string> recipients, CancellationToken cancel)
    {
        switch (rules.Run(directory, mail, recipients))
        {
            case Ruled.Passed passed:
                await DeliverAsync(batch, passed.Mail, passed.Recipients, cancel);
                break;
            case Ruled.Deleted deleted:
                batch.Then(() => exchanges.Of(mail.Lab).Log.Add("drop", recipients[0], $"Deleted by rule {deleted.Rule}", mail.MessageId));
                break;
            case Ruled.Rejected rejected:
                foreach (var recipient in recipients) await ReportAsync(batch, mail, new Failure(recipient, rejected.Reply, null), cancel);
                break;
        }
    }

    private async Task ReportAsync(MailBatch batch, Transit mail, Failure failure, CancellationToken cancel)
    {
        var exchange = exchanges.Of(mail.Lab);
        batch.Then(() => exchange.Log.Add(failure.LogKind, failure.Recipient, failure.Reply, mail.MessageId));
        if (mail.Writer.Length == 0 || !mail.WishOf(failure.Recipient).Wants(failure.Kind)) return;
        var reporter = Reporter(mail, failure);
        var report = Ndr.Write(mail, failure, reporter, mail.Lab.Time.GetUtcNow());
        await DeliverAsync(batch, new Transit(mail.Lab, "", report, FirstReceipt.Own(reporter.Domain)) { IsReport = true }, mail.Writer, cancel);
    }

    /// <summary>The organisation that could not deliver it; to a stranger it speaks as postmaster.</summary>
    private static Reporter Reporter(Transit mail, Failure failure)
    {
        var state = mail.Lab.State;
        var directory = (mail.Origin is { } origin ? state.Directory(origin) : null)
            ?? state.DirectoryOfDomain(MailAddress.DomainOf(failure.Recipient)) ?? state.Directories.FirstOrDefault();
        return directory is null
            ? new Reporter(MailAddress.DomainOf(mail.Writer), ToStranger: false)
            : new Reporter(InitialDomain.Of(directory), ToStranger: !directory.Owns(MailAddress.DomainOf(mail.Writer)));
    }

    private Task DeliverAsync(MailBatch batch, Transit mail, string recipient, CancellationToken cancel)
    {
        if (Hops(mail.Raw) > MostHops) return ReportAsync(batch, mail, new Failure(recipient, ExchangeReplies.HopCount, null), cancel);
        if (WriterBehind(recipient, mail.Lab) is { } writer) return DeliverAsync(batch, mail, writer, cancel);
        return labs.Domain(MailAddress.DomainOf(recipient)) switch
        {
            DomainPlace.Verified verified when verified.Lab == mail.Lab => ToMailboxAsync(batch, mail, verified.Directory, recipient, cancel),
            DomainPlace.Outside outside when outside.Lab == mail.Lab => ToCustomerAsync(batch, mail, outside.Domain, recipient, cancel),
            _ => OutOfTheLabAsync(batch, mail, [recipient], cancel),
        };
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
            batch, customer.Address, MailFolder.Inbox, mail.ReversePath, Arrived(mail, $"mail.{domain.Name}", MailFolder.Inbox), cancel);
        batch.Then(() => exchange.Log.Add("deliver", customer.Address, nameof(MailFolder.Inbox), mail.MessageId));
        await ReceiptAsync(batch, mail, recipient, cancel);
        await AnswerAsync(batch, new Submitter(mail.Lab, customer.Address, customer.DisplayName, null), kept, cancel);
    }

    /// <summary>"Delivered", when the sender asked for it (RFC 3461 §4.1).</summary>
    private Task ReceiptAsync(MailBatch batch, Transit mail, string recipient, CancellationToken cancel) => mail.WishOf(recipient).Wants(ReportKind.Delivered)
        ? ReportAsync(batch, mail, new Failure(recipient, "250 2.1.5 Recipient OK", null) { Kind = ReportKind.Delivered }, cancel)
        : Task.CompletedTask;

    private async Task AnswerAsync(MailBatch batch, Submitter owner, StoredMail received, CancellationToken cancel)
    {
        var exchange = exchanges.Of(owner.Lab);
        var responder = exchange.Settings.Current.Responders.GetValueOrDefault(MailAddress.Key(owner.Address));
        if (AutoReply.To(received, owner, responder) is not { } reply) return;
        batch.Then(() => exchange.Log.Add("auto-reply", owner.Address, received.ReversePath, received.MessageId));
        await SubmitAsync(batch, owner, reply.ReversePath, [received.ReversePath], reply.Raw, $"mail.{owner.Domain}",
            ImmutableDictionary<string, DsnWish>.Empty, cancel);
    }

    private static byte[] Arrived(Transit mail, string by, MailFolder folder) => new Stamp()
        .Add("Return-Path", $"<{mail.ReversePath}>")
        .Received($"{mail.Arrival.Helo} ({mail.Arrival.ClientIp})", by,
            "Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384)", mail.Lab.Time.GetUtcNow())
        .Add("Authentication-Results", mail.Arrival.AuthenticationResults)
        .Add("Received-SPF", mail.Arrival.ReceivedSpf)
        .AddWhen(by == ExchangeReplies.Edge, "X-Forefront-Antispam-Report", SpamFilter.Report(mail, folder))
        .On(mail.Raw);

    private byte[] Sign(byte[] raw, Submitter submitter) => SignedHeaders.On(raw, mail =>
    {
        if (submitter.Directory is { } directory) signing.SignDkim(mail, directory, submitter.Domain, submitter.Lab.Time.GetUtcNow());
        else signing.SignDkim(mail, submitter.Domain);
    });

    /// <summary>The submission server adds what the client left out (RFC 6409 §8).</summary>
    /// <returns>Echoed is the client's own Message-ID, also when the mail goes out under another.</returns>
    private static (byte[] Raw, string MessageId, string Echoed) Complete(byte[] raw, Submitter submitter)
    {
        var settings = submitter.Organisation?.Submission ?? new SubmissionSettings();
        if (!settings.SendFromAlias) raw = WithPrimarySender(raw, submitter);
        var headers = MessageIds.Headers(raw);
        var stamp = new Stamp();
        var id = MessageIds.First(headers[HeaderId.MessageId]);
        if (id is null)
        {
            id = $"{submitter.Lab.NewId():N}@{submitter.Domain}";
            stamp.Add("Message-ID", $"<{id}>");
        }

        var echoed = id;
        if (settings.RewritesMessageIds && headers.Contains(HeaderId.MessageId))
        {
            id = $"{submitter.Lab.NewId():N}@{ExchangeReplies.BackEnd}";
            raw = HeaderEdit.Replace(raw, "Message-ID", $"<{id}>");
        }

        stamp.AddWhen(!headers.Contains(HeaderId.Date), "Date", DateUtils.FormatDate(submitter.Lab.Time.GetUtcNow()));
        return (stamp.On(raw), id, echoed);
    }

    /// <summary>A proxy address in From gives way to the primary one (facts/microsoft365.md §5.7).</summary>
    private static byte[] WithPrimarySender(byte[] raw, Submitter submitter)
    {
        if (submitter.Directory is null || MessageIds.Headers(raw)[HeaderId.From] is not { } field) return raw;
        if (!InternetAddressList.TryParse(field, out var from)) return raw;
        MailboxAddress[] proxies = [.. from.Mailboxes.Where(m => submitter.Owns(m.Address) && !Same(m.Address, submitter.Address))];
        if (proxies.Length == 0) return raw;
        foreach (var proxy in proxies) proxy.Address = submitter.Address;
        return HeaderEdit.Replace(raw, "From", from.ToString(encode: true));
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string HostOf(Submitter submitter) =>
        submitter.Directory is null ? $"mail.{submitter.Domain}" : ExchangeReplies.BackEnd;

    private static int Hops(byte[] raw) =>
        MessageIds.Headers(raw).Count(header => header.Id == HeaderId.Received);
}
