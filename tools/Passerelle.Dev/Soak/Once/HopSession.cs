using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Passerelle.Dev.Soak.Once;

/// <summary>One connection through the hop: a command, its reply, the next.</summary>
internal sealed class HopSession(FaultHop hop, Socket socket) : IDisposable
{
    private const int LinesBeforeTheMiddle = 20;
    private readonly Socket _upstream = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private HopFault? _atTheDoor;
    private string _mailbox = "";
    private HopLines _client = null!; // made in RunAsync
    private HopLines _server = null!; // made in RunAsync

    public async Task RunAsync(CancellationToken cancel)
    {
        _atTheDoor = hop.TakeAtTheDoor();
        _client = new HopLines(new NetworkStream(socket));
        await ExchangeAsync(HopStep.Connect, async () =>
        {
            await _upstream.ConnectAsync("127.0.0.1", hop.Upstream, cancel);
            _server = new HopLines(new NetworkStream(_upstream));
        }, cancel);
        while (await _client.ReadAsync(cancel) is { } command)
        {
            if (IsVerb(command, "STARTTLS")) await StartTlsAsync(command, cancel);
            else if (IsVerb(command, "DATA")) await DataAsync(command, cancel);
            else await ExchangeAsync(StepOf(command), () => _server.WriteAsync(command, cancel), cancel);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _upstream.Dispose();
    }

    private async Task StartTlsAsync(string command, CancellationToken cancel)
    {
        if (!(await ExchangeAsync(HopStep.StartTls, () => _server.WriteAsync(command, cancel), cancel)).StartsWith("220", StringComparison.Ordinal)) return;
        await PlayAsync(Take(HopStep.Handshake), "", cancel);
        var server = new SslStream(_server.Stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => hop.Trusts(certificate as X509Certificate2));
        await server.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, cancel);
        var client = new SslStream(_client.Stream);
        await client.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = hop.Certificate }, cancel);
        (_server, _client) = (new HopLines(server), new HopLines(client));
    }

    private async Task DataAsync(string command, CancellationToken cancel)
    {
        if (!(await ExchangeAsync(HopStep.Data, () => _server.WriteAsync(command, cancel), cancel)).StartsWith("354", StringComparison.Ordinal)) return;
        var lines = 0;
        while (await _client.ReadAsync(cancel) is { } line)
        {
            if (line == ".")
            {
                await ExchangeAsync(HopStep.Dot, () => _server.WriteAsync(line, cancel), cancel);
                return;
            }
            if (++lines == LinesBeforeTheMiddle) await PlayAsync(Take(HopStep.Content), "", cancel);
            await _server.WriteAsync(line, cancel);
        }
    }

    /// <param name="step">Null: a step at which nothing goes wrong.</param>
    /// <returns>What the client was answered; empty when the server was not asked.</returns>
    private async Task<string> ExchangeAsync(HopStep? step, Func<Task> ask, CancellationToken cancel)
    {
        var fault = step is { } known ? Take(known) : null;
        if (fault?.Deed is HopDeed.CutBefore or HopDeed.Silent or HopDeed.Temporary or HopDeed.Permanent or HopDeed.KillBefore or HopDeed.DatabaseAway)
        {
            await PlayAsync(fault, "", cancel);
            if (fault.Deed is HopDeed.Temporary or HopDeed.Permanent) return "";
        }
        await ask();
        var reply = await _server.ReadReplyAsync(cancel);
        if (fault?.Deed is HopDeed.CutAfter or HopDeed.CutInReply or HopDeed.Late or HopDeed.KillAfter) await PlayAsync(fault, reply, cancel);
        await _client.WriteAsync(reply, cancel);
        return reply;
    }

    /// <exception cref="HopCut">The connection is to end.</exception>
    private async Task PlayAsync(HopFault? fault, string reply, CancellationToken cancel)
    {
        if (fault is null) return;
        hop.Played.Enqueue(fault);
        switch (fault.Deed)
        {
            case HopDeed.Silent:
                while (await _client.ReadAsync(cancel) is not null)
                {
                    // the client talks to nobody until it gives up
                }
                throw new HopCut();
            case HopDeed.Late:
                await Task.Delay(FaultHop.TooLate, cancel);
                return;
            case HopDeed.CutInReply:
                await _client.WritePartAsync(reply[..2], cancel);
                throw new HopCut();
            case HopDeed.Temporary or HopDeed.Permanent:
                await _client.WriteAsync(Refusal(fault), cancel);
                if (fault.Step is HopStep.Connect or HopStep.Dot) throw new HopCut(); // the server is left in the middle of something
                return;
            case HopDeed.DatabaseAway:
                await hop.Strike(fault);
                return;
            case HopDeed.KillBefore or HopDeed.KillAfter:
                await hop.Strike(fault);
                throw new HopCut();
            default:
                throw new HopCut();
        }
    }

    private HopFault? Take(HopStep step)
    {
        if (step >= HopStep.SignIn) return hop.Take(_mailbox, step);
        if (_atTheDoor?.Step != step) return null;
        var fault = _atTheDoor;
        _atTheDoor = null;
        return fault;
    }

    /// <summary>As servers say it; the permanent ones are about this letter or this sign-in and about nothing else.</summary>
    private static string Refusal(HopFault fault) => (fault.Deed, fault.Step) switch
    {
        (HopDeed.Temporary, HopStep.Connect) => "421 4.3.2 Service not available, closing transmission channel",
        (HopDeed.Temporary, HopStep.SignIn) => "454 4.7.0 Temporary authentication failure",
        (HopDeed.Temporary, _) => "451 4.3.0 Try again later",
        (_, HopStep.Connect) => "554 5.3.2 No mail service here",
        (_, HopStep.SignIn) => "535 5.7.3 Authentication unsuccessful",
        (_, HopStep.To) => "550 5.1.1 No such recipient",
        (_, HopStep.Hello or HopStep.StartTls) => "502 5.5.1 Command not implemented",
        _ => "554 5.6.0 Corrupt message content",
    };

    private HopStep? StepOf(string command)
    {
        if (IsVerb(command, "EHLO") || IsVerb(command, "HELO")) return HopStep.Hello;
        if (IsVerb(command, "MAIL")) return HopStep.From;
        if (IsVerb(command, "RCPT")) return HopStep.To;
        if (!IsVerb(command, "AUTH")) return null;
        _mailbox = MailboxIn(command);
        return HopStep.SignIn;
    }

    private static bool IsVerb(string command, string verb) => command.StartsWith(verb, StringComparison.OrdinalIgnoreCase);

    /// <summary>user= of the initial response (facts/microsoft365.md §5.3).</summary>
    private static string MailboxIn(string command)
    {
        var first = Encoding.UTF8.GetString(Convert.FromBase64String(command.Split(' ')[^1]));
        return first.Split('\u0001')[0]["user=".Length..];
    }
}
