using System.Text;

namespace Passerelle.Smtp;

/// <summary>One AUTH exchange (RFC 4954 §4): the host asks, the client answers in base64, <c>*</c> gives up.</summary>
internal sealed class Authentication(SmtpWire wire, SmtpSession session, ISmtpService service)
{
    /// <exception cref="SmtpRefusedException">Given up, no base64, or too long.</exception>
    public async ValueTask<SmtpReply> RunAsync(string mechanism, string? initial, CancellationToken cancel)
    {
        var response = initial is null ? null : AuthCommand.Decode(initial);
        var exchange = new AuthExchange(mechanism, response, AskAsync);
        var answer = await service.OnAuthenticateAsync(session, exchange, cancel);
        if (answer.Reply.Code == 235) session.Identity = answer.Identity;
        return answer.Reply;
    }

    private async ValueTask<byte[]> AskAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ReplyWriter.WriteChallenge(wire.Output, challenge.Span);
        var state = await wire.ReadLineAsync(session.Limits.MaxAuthBytes);
        while (state == LineState.Stopping) state = await wire.ReadLineAsync(session.Limits.MaxAuthBytes);
        return state switch
        {
            LineState.Line when wire.Line.SequenceEqual("*"u8) => throw new SmtpRefusedException(AuthCommand.Cancelled),
            LineState.Line => AuthCommand.Decode(Encoding.Latin1.GetString(wire.Line)),
            LineState.TooLong => throw new SmtpRefusedException(AuthCommand.LineTooLong),
            LineState.BareNewline => throw new SmtpRefusedException(AuthCommand.NotBase64),
            _ => throw new SmtpClosedException(wire.Ending ?? SmtpClosing.Disconnected),
        };
    }
}
