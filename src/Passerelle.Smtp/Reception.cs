using System.Runtime.ExceptionServices;

namespace Passerelle.Smtp;

/// <summary>One message: the host reads, we look for the end, and one reply answers for all of it.</summary>
internal sealed class Reception(SmtpWire wire, SmtpSession session, ISmtpService service)
{
    /// <returns>Drained is false when the client would not stop: answer and close.</returns>
    public async ValueTask<(SmtpReply Reply, bool Drained)> ReceiveAsync(IncomingBody body, CancellationToken cancel)
    {
        var reply = await AskAsync(body, cancel);
        if (wire.Ending is { } ending) throw new SmtpClosedException(ending); // even if the host swallowed it
        if (body.Broken is { } broken) ExceptionDispatchInfo.Throw(broken);
        if (body.Finished) return (reply, true);
        if (body.Refusal is { } refusal) reply = service.Rephrase(session, refusal); // whatever the host made of it
        return (reply, await body.DrainAsync());
    }

    private async ValueTask<SmtpReply> AskAsync(IncomingBody body, CancellationToken cancel)
    {
        try
        {
            var reply = await service.OnMessageAsync(session, session.Envelope(), body, cancel);
            if (!reply.IsPositive || body.Finished || body.Broken is not null) return reply;
            throw new InvalidOperationException("The host accepted a message before its end");
        }
        catch (SmtpRefusedException refused)
        {
            return refused.Reply;
        }
        catch (Exception fault) when (fault is not (SmtpClosedException or SmtpAbandonedException) && !cancel.IsCancellationRequested)
        {
            service.OnFault(session, fault);
            return service.Rephrase(session, SmtpReply.TryLater);
        }
    }
}
