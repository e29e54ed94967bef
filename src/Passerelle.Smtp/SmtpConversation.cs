using System.Text;

namespace Passerelle.Smtp;

/// <summary>The loop of one connection: greet, then line by line ask the command's table, then the host.</summary>
internal sealed partial class SmtpConversation(
    SmtpWire wire, SmtpSession session, ISmtpService service, CancellationToken cancel)
{
    private static SmtpReply TooLong { get; } = new(500, "5.6", "Line too long");

    private readonly int _longestLine = Math.Max(session.Limits.MaxCommandBytes, session.Limits.MaxAuthBytes);

    public async Task<SmtpClosing> RunAsync()
    {
        SmtpClosing reason;
        try
        {
            reason = await ConverseAsync();
        }
        catch (SmtpClosedException closed)
        {
            reason = closed.Reason;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return SmtpClosing.Disconnected;
        }
        if (reason is SmtpClosing.TimedOut) Write(Own(SmtpReply.TimedOut));
        if (reason is SmtpClosing.Disconnected or SmtpClosing.HandshakeFailed) return reason;
        await wire.FlushAsync();
        await wire.ShutdownAsync();
        return reason;
    }

    private async Task<SmtpClosing> ConverseAsync()
    {
        var greeting = await GreetAsync();
        if (greeting.IsTransient) return SmtpClosing.Refused;
        session.TurnedAway = greeting.IsPermanent;
        while (true)
        {
            var line = await wire.ReadLineAsync(_longestLine);
            if (await HearAsync(line) is { } closing) return closing;
        }
    }

    /// <returns>Null: go on.</returns>
    private async ValueTask<SmtpClosing?> HearAsync(LineState line)
    {
        if (line is LineState.TimedOut) return SmtpClosing.TimedOut;
        if (line is LineState.Disconnected) return SmtpClosing.Disconnected;

        if (line is LineState.TooLong) Refuse(TooLong);
        if (line is LineState.BareNewline) Refuse(SmtpReply.Unrecognised("Lines end with CR LF"));
        if (line is LineState.Line && await HandleAsync() is { } closing) return closing;
        if (line is LineState.TooLong or LineState.BareNewline) await wire.FlushAsync();
        if (Enough() is not { } last) return null;
        Write(Own(last.Reply));
        return last.Reason;
    }

    /// <returns>220; or 421, which ends; or 554, behind which we "MUST still wait for the client to send a QUIT" (RFC 5321 §3.1).</returns>
    private async ValueTask<SmtpReply> GreetAsync()
    {
        SmtpReply greeting;
        try
        {
            greeting = await service.OnConnectAsync(session, cancel);
        }
        catch (Exception fault) when (IsHosts(fault))
        {
            service.OnFault(session, fault);
            greeting = Own(SmtpReply.ShuttingDown);
        }
        var welcome = greeting.Code == 220;
        Write(welcome ? greeting with { Text = $"{session.Options.HostName} {greeting.Text}" } : greeting);
        return greeting;
    }

    /// <returns>Null: go on.</returns>
    private async ValueTask<SmtpClosing?> HandleAsync()
    {
        var command = Command.Parse(wire.Line, session.Limits.MaxCommandBytes);
        var reply = command.Fault is { } fault ? Counted(fault) : await AnswerAsync(command);
        if (reply is { } answer) await WriteAsync(answer);
        if (IsSaidAtOnce(command.Verb)) await wire.FlushAsync();
        return reply?.Code switch
        {
            221 => SmtpClosing.Quit,
            421 => SmtpClosing.Refused,
            _ => null,
        };
    }

    private async ValueTask WriteAsync(SmtpReply answer)
    {
        if (answer.IsPermanent)
        {
            await wire.FlushAsync(); // the answers before it are not made to wait
            await service.OnRefusingAsync(session, answer, wire.Stopping);
        }
        Write(answer);
    }

    /// <summary>"MUST NOT buffer responses to EHLO, DATA, VRFY, EXPN, TURN, QUIT, and NOOP", nor "to unrecognized commands" (RFC 2920 §3.2): a client
    /// looks there whether it may go on. Those of MAIL, RCPT and RSET go out as a unit, when we would wait.</summary>
    private static bool IsSaidAtOnce(Verb verb) =>
        verb is Verb.Ehlo or Verb.Lhlo or Verb.Data or Verb.Vrfy or Verb.Expn or Verb.Quit or Verb.Noop or Verb.Unknown;

    /// <summary>An exception of the host is our trouble, not the client's: 451, and whoever has the mail keeps it.
    /// </summary>
    /// <returns>Null when the command wrote its answer itself.</returns>
    private async ValueTask<SmtpReply?> AnswerAsync(Command command)
    {
        try
        {
            return command.Verb switch
            {
                not Verb.Quit when session.TurnedAway => Counted(SmtpReply.OutOfOrder("No mail is taken from you, say QUIT")),
                Verb.Mail => await MailAsync(command.Arguments),
                Verb.Rcpt => await RcptAsync(command.Arguments),
                Verb.Data => await DataAsync(command.Arguments),
                Verb.Bdat when session.Offers(SmtpExtensions.Chunking) => await BdatAsync(command.Arguments),
                Verb.Ehlo or Verb.Helo or Verb.Lhlo when HelloCommand.IsSpoken(session, command.Verb) => Hello(command),
                Verb.StartTls => await StartTlsAsync(command.Arguments),
                Verb.Auth => await AuthAsync(command.Arguments),
                _ => Small(command),
            };
        }
        catch (Exception fault) when (IsHosts(fault))
        {
            service.OnFault(session, fault);
            return Own(command.Verb is Verb.Auth ? AuthCommand.TryLater : SmtpReply.TryLater);
        }
    }

    private async ValueTask<SmtpReply?> MailAsync(string arguments)
    {
        var authOffered = service.Mechanisms(session).Count > 0;
        var refusal = MailCommand.Parse(session, arguments, authOffered, out var parsed);
        if (refusal is not null || parsed is not { } mail) return Counted(refusal);
        if (MailCommand.Refusal(session, mail) is { } refused) return Counted(refused);

        var reply = await service.OnMailAsync(session, mail, cancel);
        if (reply.IsPositive) session.Begin(mail);
        return reply;
    }

    private async ValueTask<SmtpReply?> RcptAsync(string arguments)
    {
        var refusal = RcptCommand.Parse(session, arguments, out var parsed);
        if (refusal is not null || parsed is not { } recipient) return Counted(refusal);
        if (RcptCommand.Refusal(session, recipient) is { } refused) return Counted(refused);

        var reply = await service.OnRecipientAsync(session, recipient, cancel);
        if (reply.IsPositive) session.Add(recipient);
        else if (reply.IsPermanent) session.RefusedRecipients++;
        return reply;
    }

    private async ValueTask<SmtpReply?> DataAsync(string arguments)
    {
        if (DataCommand.Refusal(session, arguments) is { } refusal) return Counted(refusal);
        Write(Own(DataCommand.GoAhead));
        await wire.FlushAsync();
        return await ReceiveAsync(new WireBody(wire, session.Limits));
    }

    /// <summary>The message itself, by DATA or BDAT; the transaction ends with it.</summary>
    private async ValueTask<SmtpReply?> ReceiveAsync(IncomingBody body)
    {
        var (reply, drained) = await new Reception(wire, session, service).ReceiveAsync(body, cancel);
        if (reply.IsPositive) session.Accepted++;
        if (session.Options.Lmtp && body.AtLastPiece) reply = ForEach(session.Recipients.Count, reply);
        session.Reset();
        return After(reply, drained);
    }

    /// <summary>"One reply for each previously successful RCPT command, in the order that the RCPT commands were issued"
    /// (RFC 2033 §4.2).</summary>
    /// <returns>The last one.</returns>
    private SmtpReply ForEach(int recipients, SmtpReply whole)
    {
        for (var i = 0; i < recipients - 1; i++) Write(service.ReplyTo(session, i, whole));
        return service.ReplyTo(session, recipients - 1, whole);
    }

    /// <returns>The reply, when the client has nothing more to say before it; else it is written here, and we close.</returns>
    private SmtpReply? After(SmtpReply reply, bool drained)
    {
        if (drained) return reply;
        Write(reply);
        throw new SmtpClosedException(SmtpClosing.Refused);
    }

    private SmtpReply? Hello(Command command)
    {
        if (HelloCommand.Parse(command.Arguments, out var name) is { } refusal) return Counted(refusal);
        session.Reset();
        session.Helo = name;
        session.Extended = command.Verb != Verb.Helo;
        var greeting = $"{session.Options.HostName} {service.Hello(session)}";
        if (!session.Extended) return new SmtpReply(250, null, greeting);

        ReplyWriter.WriteLine(wire.Output, 250, greeting, last: false);
        var keywords = HelloCommand.Keywords(session, service.Mechanisms(session)).ToList();
        for (var i = 0; i < keywords.Count; i++)
        {
            ReplyWriter.WriteLine(wire.Output, 250, keywords[i], last: i == keywords.Count - 1);
        }
        return null;
    }

    private async ValueTask<SmtpReply?> StartTlsAsync(string arguments)
    {
        var refusal = StartTlsCommand.Refusal(session, arguments, wire.HasPipelinedBytes());
        if (refusal is not null) return Counted(refusal);
        Write(Own(StartTlsCommand.GoAhead));
        await wire.FlushAsync();
        try
        {
            session.Tls = await wire.UpgradeAsync(session.Options.Tls!, cancel); // not null: the table asked
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // any of SslStream's
        {
            throw new SmtpClosedException(SmtpClosing.HandshakeFailed);
        }
        session.Forget();
        return null;
    }

    private async ValueTask<SmtpReply?> AuthAsync(string arguments)
    {
        var (mechanism, initial) = AuthCommand.Split(arguments);
        var refusal = AuthCommand.Refusal(session, mechanism, service.Mechanisms(session));
        if (refusal is not null) return Counted(refusal);
        try
        {
            var answer = await new Authentication(wire, session, service).RunAsync(mechanism, initial, cancel);
            if (answer.IsPermanent) session.Errors++;
            return answer;
        }
        catch (SmtpRefusedException refused)
        {
            return Counted(refused.Reply);
        }
    }

    private SmtpReply? Small(Command command)
    {
        if (command.Verb is Verb.Unknown or Verb.Bdat or Verb.Lhlo) session.UnknownVerb = FirstWord(wire.Line);
        var reply = SmallCommands.Answer(session, command.Verb, command.Arguments);
        if (command.Verb == Verb.Rset && reply.IsPositive) session.Reset();
        return Counted(reply);
    }

    private static string FirstWord(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        return Encoding.Latin1.GetString(word[..Math.Min(word.Length, 64)]);
    }

    /// <summary>After each command: is there a reason to end here?</summary>
    private (SmtpReply Reply, SmtpClosing Reason)? Enough() => session switch
    {
        _ when wire.Stopping.IsCancellationRequested => (SmtpReply.ShuttingDown, SmtpClosing.ShuttingDown),
        { Limits.MaxErrors: var max } when session.Errors >= max => (SmtpReply.TooManyErrors, SmtpClosing.Refused),
        { Limits.MaxRefusedRecipients: var max } when session.RefusedRecipients >= max =>
            (SmtpReply.TooManyErrors, SmtpClosing.Refused),
        _ => null,
    };

    private bool IsHosts(Exception fault) =>
        fault is not (SmtpClosedException or SmtpAbandonedException) && !(fault is OperationCanceledException && cancel.IsCancellationRequested);

    private SmtpReply? Counted(SmtpReply? reply)
    {
        if (reply is not { } own) return null;
        if (own.IsPermanent) session.Errors++;
        return Own(own);
    }

    private SmtpReply Own(SmtpReply reply) => service.Rephrase(session, reply);

    private void Refuse(SmtpReply reply)
    {
        session.Errors++;
        Write(Own(reply));
    }

    private void Write(SmtpReply reply) => ReplyWriter.Write(wire.Output, reply);
}
