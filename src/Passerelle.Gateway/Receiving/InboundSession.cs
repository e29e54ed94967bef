using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>One connection of somebody who hands us mail. Read <see cref="OnMessageAsync"/>: that is the whole room.</summary>
internal sealed class InboundSession(
    Addressees addressees, Intake intake, ReceiptIds ids, Doorkeeper keeper, Signals signals, Rush rush, ReceivingOptions options, bool hasRoom,
    TimeProvider time, ILogger log)
    : ISmtpService
{
    /// <summary>Owners of the accepted recipients, in step with the session's recipients.</summary>
    private readonly List<Addressee> _owners = [];

    /// <summary>What was stored last; LMTP says to each recipient which is its own.</summary>
    private IReadOnlyList<Receipt> _stored = [];

    private bool _hasEntered;

    public ValueTask<SmtpReply> OnConnectAsync(SmtpSession session, CancellationToken cancel)
    {
        _hasEntered = true;
        if (keeper.Enter(session.Endpoints.Remote) is { } tooMany) return new(tooMany);
        return new(hasRoom ? new SmtpReply(220, null, "Passerelle") : new SmtpReply(421, "3.2", "Too many connections, try again later"));
    }

    public IReadOnlyList<string> Mechanisms(SmtpSession session) => [];

    public ValueTask<SmtpReply> OnMailAsync(SmtpSession session, MailFrom mail, CancellationToken cancel)
    {
        _owners.Clear();
        if (keeper.Mail(session.Endpoints.Remote) is { } tooMany) return new(tooMany);
        return new(intake.HasRoomFor(mail.DeclaredBytes ?? 0) ? SmtpReply.SenderOk : SmtpReply.StoreFull);
    }

    public async ValueTask<SmtpReply> OnRecipientAsync(SmtpSession session, RcptTo recipient, CancellationToken cancel)
    {
        if (MustBeSecret(session, recipient)) return SmtpReply.StartTlsFirst; // before anybody is looked up
        try
        {
            if (await addressees.FindAsync(recipient.Recipient, cancel) is not { } owner) return SmtpReply.NoSuchRecipient;
            if (keeper.To(owner) is { } tooMany) return tooMany;
            _owners.Add(owner);
            return SmtpReply.RecipientOk;
        }
        catch (NotSetUp)
        {
            return new SmtpReply(451, "3.5", "Not set up yet, try again later");
        }
    }

    public async ValueTask<SmtpReply> OnMessageAsync(
        SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        try
        {
            return await TakeAsync(session, envelope, body, cancel);
        }
        catch (StoreUnavailable failure)
        {
            return NotStored(session, failure);
        }
    }

    public SmtpReply ReplyTo(SmtpSession session, int recipient, SmtpReply whole)
    {
        if (!whole.IsPositive) return whole;
        var owner = _owners[recipient];
        var receipt = _stored.FirstOrDefault(stored => (stored.OrganisationId, stored.AppId) == (owner.OrganisationId, owner.AppId));
        return receipt is null ? whole : AcceptedAs(receipt.Id); // null: the doctor's return address keeps no receipt
    }

    public ValueTask<AuthAnswer> OnAuthenticateAsync(SmtpSession session, AuthExchange exchange, CancellationToken cancel) =>
        new(AuthAnswer.Refuse(SmtpReply.NotOffered));

    public async ValueTask OnRefusingAsync(SmtpSession session, SmtpReply refusal, CancellationToken stopping)
    {
        if (keeper.Refused(session.Endpoints.Remote) is not { Ticks: > 0 } wait) return;
        await Task.Delay(wait, time, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public ValueTask OnClosedAsync(SmtpSession session, SmtpClosing reason)
    {
        if (_hasEntered) keeper.Leave(session.Endpoints.Remote);
        return ValueTask.CompletedTask;
    }

    public void OnFault(SmtpSession session, Exception fault) => log.SessionFault(fault, session.Id);

    private async Task<SmtpReply> TakeAsync(SmtpSession session, SmtpEnvelope envelope, SmtpBody body, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var first = ids.Next();
        await using var mail = await intake.ReadAsync(TraceHeader.For(session, envelope.From, first, now), body, cancel);
        if (TraceHeader.RunsInACircle(mail.Start, session.Options.HostName)) return Circle(session);

        var receipts = Receipts(session, envelope, mail.Size, first, now);
        await intake.StoreAsync(mail, receipts, [.. _owners.Where(owner => owner.CanaryId is not null)], now, cancel); // 250 follows the commit
        _stored = receipts;
        rush.Took();
        signals.Receipts.Raise();
        log.Accepted(session.Id, receipts.Count, mail.Size, first);
        return AcceptedAs(first);
    }

    private static SmtpReply AcceptedAs(Guid receipt) => new(250, "0.0", $"Accepted as {receipt:N}");

    private bool MustBeSecret(SmtpSession session, RcptTo recipient) =>
        !session.Secure && options.TlsRequiredFor.Count > 0 && recipient.Recipient.Domain is { } domain && options.TlsIsRequiredFor(domain);

    /// <summary>One per app: a recipient named twice is one receipt. Each organisation gets bytes of its own.</summary>
    private List<Receipt> Receipts(SmtpSession session, SmtpEnvelope envelope, long size, Guid first, DateTimeOffset now)
    {
        var raws = _owners.Where(owner => owner.CanaryId is null).Select(owner => owner.OrganisationId).Distinct().ToDictionary(id => id, _ => Guid.CreateVersion7(now));
        return [.. _owners.Zip(envelope.Recipients).Where(pair => pair.First.CanaryId is null).DistinctBy(pair => pair.First).Select((pair, index) => new Receipt
        {
            OrganisationId = pair.First.OrganisationId,
            Id = index == 0 ? first : ids.Next(),
            AppId = pair.First.AppId,
            EnvelopeFrom = envelope.From.Address,
            EnvelopeTo = pair.Second.Address,
            RawId = raws[pair.First.OrganisationId],
            Size = size,
            ReceivedAt = now,
            Helo = session.Helo ?? "",
            RemoteAddress = TraceHeader.RemoteOf(session),
            Tls = session.Tls is { } tls ? $"{tls.Protocol} {tls.Cipher}" : "",
            SessionId = session.Id.ToString("N"),
        })];
    }

    private SmtpReply Circle(SmtpSession session)
    {
        log.Circle(session.Id);
        return new SmtpReply(554, "4.6", "This mail has passed here before: it runs in a circle");
    }

    private SmtpReply NotStored(SmtpSession session, StoreUnavailable failure)
    {
        var reply = failure.DiskFull ? SmtpReply.StoreFull : SmtpReply.TryLater;
        log.NotStored(failure, session.Id, reply.Code);
        return reply;
    }
}
