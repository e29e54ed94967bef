using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Passerelle.Dev.Soak;

/// <summary>
/// A server that hands mail to the gateway and believes nothing but 250: what was not answered is sent again, byte for byte.
/// Every twentieth mail is too big for a row and is spooled.
/// </summary>
/// <param name="between">From one mail of a session to the next.</param>
internal sealed class DirectLoad(int port, string recipient, Ledger ledger, TimeSpan between)
{
    private static readonly TimeSpan LongestReply = TimeSpan.FromSeconds(60);
    private (string Subject, byte[] Bytes)? _mail;

    /// <summary>Delivers until cancelled; the mail in hand then was never answered.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await SessionAsync(cancel);
            }
            catch (Exception broken) when (broken is SocketException or IOException)
            {
                await PauseAsync(cancel); // killed, or not up yet
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                ledger.Hangs.Enqueue($"The receiver left a command unanswered for {LongestReply.TotalSeconds:0} s");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SessionAsync(CancellationToken cancel)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, cancel);
        var wire = client.GetStream();
        using var reader = new StreamReader(wire, Encoding.Latin1);
        await ReplyAsync(reader, cancel);
        await SayAsync(wire, reader, "EHLO mx.adatum.example", cancel);
        while (!cancel.IsCancellationRequested)
        {
            _mail ??= Compose(ledger.NextNumber());
            await DeliverAsync(wire, reader, _mail.Value, cancel);
            await PauseAsync(cancel);
        }
    }

    private async Task DeliverAsync(NetworkStream wire, StreamReader reader, (string Subject, byte[] Bytes) mail, CancellationToken cancel)
    {
        await SayAsync(wire, reader, "MAIL FROM:<robot@adatum.example>", cancel);
        await SayAsync(wire, reader, $"RCPT TO:<{recipient}>", cancel);
        if (!(await SayAsync(wire, reader, "DATA", cancel)).StartsWith("354", StringComparison.Ordinal)) throw new IOException("Not now");
        await wire.WriteAsync(mail.Bytes, cancel);
        if (!(await ReplyAsync(reader, cancel)).StartsWith("250", StringComparison.Ordinal)) throw new IOException("Not taken");
        ledger.Acknowledged[mail.Subject] = true;
        _mail = null;
    }

    private static async Task<string> SayAsync(NetworkStream wire, StreamReader reader, string line, CancellationToken cancel)
    {
        await wire.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"), cancel);
        return await ReplyAsync(reader, cancel);
    }

    private static async Task<string> ReplyAsync(StreamReader reader, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(LongestReply);
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length < 4 || line[3] != '-') return line;
        }
        throw new IOException("Closed");
    }

    private static (string, byte[]) Compose(int number)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"direct {number}");
        var text = string.Concat(Enumerable.Repeat("A line that takes room, as lines of reports do.\r\n", number % 20 == 0 ? 2500 : 60));
        return (subject, Encoding.ASCII.GetBytes(
            $"From: Robot <robot@adatum.example>\r\nTo: support@contoso.example\r\nSubject: {subject}\r\n"
            + $"Date: Sun, 01 Nov 2026 12:00:00 +0000\r\nMessage-ID: <direct-{number}@adatum.example>\r\n\r\n{text}.\r\n"));
    }

    private Task PauseAsync(CancellationToken cancel) =>
        Task.Delay(between, cancel).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
