using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;
using Passerelle.Mail;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// Writes to a mailbox from outside, by the mailbox's own MX, as a customer does, and sees what becomes of the mail
/// (facts/microsoft365.md §11.1, P13). A mail that the mailbox wrote to itself would hide the report of a forbidden forward in
/// that very mailbox.
/// </summary>
internal sealed class Canaries(
    IStore store, RawMails raws, Installations installations, MailExchangers exchangers, IOptions<DoctorOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest that somebody who asked looks at a page that says nothing.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How much later than the forwarded mail a report about the mailbox's own copy may come.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private TimeSpan Patience => TimeSpan.FromSeconds(options.Value.ForwardingSeconds);

    /// <summary>Sends one and waits a little; while one is under way no second is sent.</summary>
    public async Task<CanaryFate> SendAsync(EmailApp app, CancellationToken cancel)
    {
        var before = await LookAsync(app, cancel);
        if (before is not CanaryFate.Away && await DeliverAsync(app, cancel) is { } stayed) return stayed;
        return await WaitAsync(app, cancel) is var fate && fate is CanaryFate.Away && before is CanaryFate.Silent ? before : fate;
    }

    /// <summary>What became of the last one.</summary>
    public async Task<CanaryFate> LookAsync(EmailApp app, CancellationToken cancel)
    {
        var (canary, arrived, reports) = await store.ReadAsync(tx => Traces(tx, app), cancel);
        if (canary is null) return new CanaryFate.NotSent("");
        var recipients = reports.SelectMany(Recipients).ToList();
        if (arrived is not null) return await ArrivedAsync(app, canary, arrived, recipients, cancel);
        if (recipients.Find(one => one.Action == "failed") is { } failed) return new CanaryFate.Failed(failed.Recipient, failed.Status ?? "", failed.Diagnostic ?? "");
        var reached = recipients.Where(one => one.Action is "delivered" or "relayed" or "expanded").ToList();
        if (reached.Find(one => !AddressText.Same(one.Recipient, app.EmailId) && !AddressText.Same(one.Recipient, app.ForwardingAddress)) is { } stranger)
        {
            return new CanaryFate.Elsewhere(stranger.Recipient);
        }
        if (time.GetUtcNow() - canary.SentAt < Patience) return new CanaryFate.Away(canary.SentAt);
        return await store.ReadAsync(tx => ArrivedElsewhere(tx, app, canary), cancel) is { } other
            ? new CanaryFate.Elsewhere(other)
            : new CanaryFate.Silent(canary.SentAt, canary.ReportsPromised, reached.Exists(one => AddressText.Same(one.Recipient, app.EmailId)));
    }

    /// <summary>Asks the mailbox's server whether it takes mail for it; nothing is sent.</summary>
    /// <returns>The refusal; null when it takes it, or cannot be asked.</returns>
    public async Task<string?> UnknownMailboxAsync(EmailApp app, CancellationToken cancel)
    {
        try
        {
            using var deadline = Deadline(cancel);
            if (await DialAsync(app, deadline.Token) is not { } talk) return null;
            await using (talk)
            {
                var asked = await talk.SayAsync("MAIL FROM:<>", deadline.Token) && !await talk.SayAsync($"RCPT TO:<{app.EmailId}>", deadline.Token);
                return asked && talk.Words.StartsWith("550", StringComparison.Ordinal) ? talk.Words : null;
            }
        }
        catch (Exception failure) when (IsWire(failure, cancel))
        {
            return null;
        }
    }

    private async Task<CanaryFate> WaitAsync(EmailApp app, CancellationToken cancel)
    {
        var until = time.GetUtcNow() + (Patience < LongestWait ? Patience + Look : LongestWait);
        while (true)
        {
            var fate = await LookAsync(app, cancel);
            if (fate is not (CanaryFate.Away or CanaryFate.Arrived { IsWhole: false }) || time.GetUtcNow() >= until) return fate;
            await Task.Delay(Look, time, cancel);
        }
    }

    /// <returns>Null when it is on its way.</returns>
    private async Task<CanaryFate?> DeliverAsync(EmailApp app, CancellationToken cancel)
    {
        try
        {
            using var deadline = Deadline(cancel);
            if (await DialAsync(app, deadline.Token) is not { } talk) return new CanaryFate.NotSent("The mailbox's domain has no MX record");
            await using (talk) return await DeliverAsync(app, talk, deadline.Token);
        }
        catch (Exception failure) when (IsWire(failure, cancel))
        {
            return new CanaryFate.NotSent(failure.Message);
        }
    }

    private async Task<CanaryFate?> DeliverAsync(EmailApp app, SmtpTalk talk, CancellationToken cancel)
    {
        var domain = (await installations.GetAsync(cancel)).InboundDomain;
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var canary = new Canary
        {
            OrganisationId = app.OrganisationId,
            AppId = app.Id,
            Id = id,
            ReturnAddress = $"doctor-{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{domain}",
            InternetId = $"<canary-{id:N}@{domain}>",
            ReportsPromised = talk.Offers.Contains("DSN"),
            Words = "",
            SentAt = now,
        };
        var (mailWish, recipientWish) = canary.ReportsPromised ? (" RET=HDRS", " NOTIFY=SUCCESS,FAILURE") : ("", ""); // RFC 3461 §4
        if (!await talk.SayAsync($"MAIL FROM:<{canary.ReturnAddress}>{mailWish}", cancel)) return new CanaryFate.NotSent(talk.Words);
        if (!await talk.SayAsync($"RCPT TO:<{app.EmailId}>{recipientWish}", cancel)) return new CanaryFate.Failed(app.EmailId, StatusOf(talk.Words), talk.Words);
        await store.WriteAsync(Lane.Work, tx => Kept(tx, canary), cancel); // first: a report may be faster than our next write
        if (!await talk.SayAsync("DATA", cancel)) return new CanaryFate.NotSent(talk.Words);
        return await talk.SayAsync($"{Text(app, canary)}\r\n.", cancel) ? null : new CanaryFate.NotSent(talk.Words);
    }

    private async Task<SmtpTalk?> DialAsync(EmailApp app, CancellationToken cancel)
    {
        var domain = app.EmailId[(app.EmailId.LastIndexOf('@') + 1)..];
        if (await exchangers.OfAsync(domain, cancel) is not { } exchanger) return null;
        var talk = await exchangers.DialAsync(exchanger, options.Value.ExchangePort, cancel);
        if (talk.IsFine && await talk.SayAsync($"EHLO {(await installations.GetAsync(cancel)).InboundDomain}", cancel)) return talk;
        await talk.DisposeAsync();
        throw new IOException($"{exchanger} said: {talk.Words}");
    }

    private static string Text(EmailApp app, Canary canary) => string.Join("\r\n",
    [
        $"From: Passerelle <{canary.ReturnAddress}>",
        $"To: <{app.EmailId}>",
        $"Date: {canary.SentAt.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000",
        $"Message-ID: {canary.InternetId}",
        "Subject: Passerelle: forwarding test",
        "Auto-Submitted: auto-generated",
        $"{Canary.Header}: {canary.Id:N}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "This mail proves that mail to this address is forwarded to Passerelle. Nobody has to do anything.",
    ]);

    private async Task<CanaryFate> ArrivedAsync(EmailApp app, Canary canary, Arrived arrived, List<ReportedRecipient> reported, CancellationToken cancel)
    {
        await using var raw = await raws.OpenAsync(app.OrganisationId, arrived.RawId, cancel);
        var headers = ForwardedHeaders.In(raw);
        var ofMailbox = reported.FindLast(one => AddressText.Same(one.Recipient, app.EmailId));
        return new CanaryFate.Arrived(arrived.ReceivedAt, headers)
        {
            Copy = ofMailbox is { Action: "failed" } ? new CanaryFate.Failed(ofMailbox.Recipient, ofMailbox.Status ?? "", ofMailbox.Diagnostic ?? "") : null,
            IsWhole = ofMailbox is not null || !canary.ReportsPromised || !headers.KeepsCopy || time.GetUtcNow() - arrived.ReceivedAt > Rest,
        };
    }

    /// <summary>The mailbox forwards to another app of the organisation.</summary>
    private static string? ArrivedElsewhere(Tx tx, EmailApp app, Canary canary) => tx.For(app.OrganisationId).One<string>(
        """
        SELECT a.forwarding_address FROM app a WHERE a.organisation_id = @organisation AND a.id <> @Id AND EXISTS (
            SELECT 1 FROM message m WHERE m.organisation_id = @organisation AND m.app_id = a.id AND m.internet_id = @InternetId)
        LIMIT 1
        """,
        new { app.Id, canary.InternetId });

    private static (Canary? Canary, Arrived? Arrived, List<byte[]> Reports) Traces(Tx tx, EmailApp app)
    {
        if (CanaryRows.Find(tx, app.OrganisationId, app.Id) is not { } canary) return (null, null, []);
        var arrived = tx.For(app.OrganisationId).List<Arrived>(
            """
            SELECT received_at, raw_id FROM message
            WHERE organisation_id = @organisation AND app_id = @Id AND internet_id = @InternetId LIMIT 1
            """,
            new { app.Id, canary.InternetId });
        return (canary, arrived.FirstOrDefault(), CanaryRows.Reports(tx, app.OrganisationId, canary.Id));
    }

    private static IEnumerable<ReportedRecipient> Recipients(byte[] report) => MailReader.Read(report, new ReadingContext { EnvelopeFrom = "" }).Reported;

    private static bool Kept(Tx tx, Canary canary)
    {
        CanaryRows.Put(tx, canary);
        return true;
    }

    private CancellationTokenSource Deadline(CancellationToken cancel)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(options.Value.ProbeSeconds));
        return deadline;
    }

    private static bool IsWire(Exception failure, CancellationToken cancel) =>
        failure is DnsResponseException or SocketException or IOException or TimeoutException
        || (failure is OperationCanceledException && !cancel.IsCancellationRequested);

    private static string StatusOf(string words) => words.Split(' ') is [_, var status, ..] && status.Count(letter => letter == '.') == 2 ? status : "";

    private sealed record Arrived
    {
        public required DateTimeOffset ReceivedAt { get; init; }
        public required Guid RawId { get; init; }
    }
}
