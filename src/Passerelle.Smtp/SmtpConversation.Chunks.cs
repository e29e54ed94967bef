namespace Passerelle.Smtp;

/// <summary>BDAT (RFC 3030 §2): the same transaction, its content in counted pieces with commands between them.</summary>
internal sealed partial class SmtpConversation
{
    private async ValueTask<SmtpReply?> BdatAsync(string arguments)
    {
        var chunk = Sized(arguments);
        if (BdatCommand.Refusal(session) is { } refusal) return await SkipAsync(chunk, refusal);
        session.Chunked = true;
        try
        {
            return await ReceiveAsync(new ChunkBody(wire, session, chunk, NextChunkAsync));
        }
        catch (SmtpAbandonedException abandoned)
        {
            session.Reset();
            return await AnswerAsync(abandoned.Command);
        }
    }

    /// <summary>"A 250 response MUST be sent to each successful BDAT data block"; then everything but BDAT is answered as
    /// ever, and what ends a transaction ends this message.</summary>
    /// <exception cref="SmtpClosedException">Nothing follows any more.</exception>
    /// <exception cref="SmtpAbandonedException">The client gave the message up.</exception>
    private async ValueTask<Chunk> NextChunkAsync(Chunk received, long messageDue)
    {
        Write(Own(BdatCommand.Received(received)));
        while (true)
        {
            if (wire.Stopping.IsCancellationRequested) Close(await HearAsync(LineState.Stopping));
            var line = await wire.ReadLineAsync(_longestLine, messageDue);
            if (line is LineState.Line)
            {
                var command = Command.Parse(wire.Line, session.Limits.MaxCommandBytes);
                if (command.Verb is Verb.Bdat) return Sized(command.Arguments);
                if (GivesUp(session, command)) throw new SmtpAbandonedException(command);
            }
            Close(await HearAsync(line));
        }
    }

    private static void Close(SmtpClosing? closing)
    {
        if (closing is { } reason) throw new SmtpClosedException(reason);
    }

    private static bool GivesUp(SmtpSession session, Command command) => command.Verb switch
    {
        Verb.Rset or Verb.Quit => command.Arguments.Length == 0,
        Verb.Ehlo or Verb.Helo or Verb.Lhlo => command.Arguments.Length > 0 && HelloCommand.IsSpoken(session, command.Verb),
        Verb.StartTls => StartTlsCommand.Refusal(session, command.Arguments, pipelined: false) is null,
        _ => false,
    };

    /// <exception cref="SmtpClosedException">No number: what follows is content or commands, and reading content as commands
    /// would let one message smuggle a second.</exception>
    private Chunk Sized(string arguments)
    {
        if (BdatCommand.Parse(arguments) is { } chunk) return chunk;
        Refuse(BdatCommand.Malformed);
        throw new SmtpClosedException(SmtpClosing.Refused);
    }

    private async ValueTask<SmtpReply?> SkipAsync(Chunk chunk, SmtpReply refusal)
    {
        var due = wire.DueAfter(session.Limits.MessageTimeout);
        var drained = await ChunkBody.SkipAsync(wire, chunk.Bytes, session.Limits.MaxBytes + (64 * 1024), due);
        session.Errors++;
        return After(Own(refusal), drained);
    }
}
