using System.IO.Pipelines;

namespace Passerelle.Smtp;

/// <summary>One SMTP connection from greeting to close, over any duplex pipe.</summary>
public static class SmtpConnection
{
    /// <summary>Returns when the conversation is over and everything was flushed; completing the transport is the
    /// caller's business. Throws nothing that a client can cause.</summary>
    /// <param name="stopping">We shut down: the current command is finished (a message included), then 421.</param>
    /// <param name="cancel">The connection is gone or patience is over: ends at once, without a word.</param>
    public static async Task RunAsync(
        IDuplexPipe transport, SmtpEndpoints endpoints, ISmtpService service, SmtpServerOptions options,
        TimeProvider time, CancellationToken stopping, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var session = new SmtpSession(Guid.CreateVersion7(now), endpoints, options, now);
        var reason = SmtpClosing.Disconnected;
        try
        {
            using var wire = new SmtpWire(transport, options.Limits, time, stopping, cancel);
            reason = await new SmtpConversation(wire, session, service, cancel).RunAsync();
        }
        finally
        {
            await CloseAsync(session, service, reason);
        }
    }

    private static async Task CloseAsync(SmtpSession session, ISmtpService service, SmtpClosing reason)
    {
        try
        {
            await service.OnClosedAsync(session, reason);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException) // nobody is left to answer
        {
            service.OnFault(session, fault);
        }
    }
}
