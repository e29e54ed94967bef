using System.IO.Pipelines;

namespace Passerelle.Smtp;

/// <summary>One SMTP connection from greeting to close, over any duplex pipe.</summary>
public static class SmtpConnection
{
    /// <summary>Returns when the conversation is over and everything was flushed; completing the transport is the
    /// caller's business. Throws nothing that a client can cause.</summary>
    /// <param name="stopping">We shut down: the current command is finished (a message included), then 421.</param>
    /// <param name="cancel">The connection is gone or patience is over: ends at once, without a word.</param>
    public static Task RunAsync(
        IDuplexPipe transport, SmtpEndpoints endpoints, ISmtpService service, SmtpServerOptions options,
        TimeProvider time, CancellationToken stopping, CancellationToken cancel) =>
        throw new NotImplementedException("The session loop lands next.");
}
