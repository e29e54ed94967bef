using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Imap;

/// <summary>Speaks IMAP by hand, so that the very words of the server can be seen. One character is one byte.</summary>
internal sealed partial class ImapDialogue : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly SslStream _tls;
    private int _tag;

    private ImapDialogue(TcpClient tcp, SslStream tls) => (_tcp, _tls) = (tcp, tls);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<(ImapDialogue Imap, string Greeting)> OpenAsync(ExchangeHost host)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port(LabListeners.Imap), Cancel);
#pragma warning disable CA5359 // the certificate is the subject of another test
        var tls = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("localhost");
        var dialogue = new ImapDialogue(tcp, tls);
        return (dialogue, await dialogue.LineAsync());
    }

    /// <summary>Signed in, with a folder open.</summary>
    public static async Task<ImapDialogue> InAsync(ExchangeHost host, string folder = "INBOX")
    {
        var (dialogue, _) = await OpenAsync(host);
        Assert.EndsWith(" OK AUTHENTICATE completed.", await dialogue.SayAsync("AUTHENTICATE XOAUTH2 " + Offer(ExchangeHost.Support, Token(host))), StringComparison.Ordinal);
        Assert.Contains("OK [READ-WRITE] SELECT completed.", await dialogue.SayAsync($"SELECT \"{folder}\""), StringComparison.Ordinal);
        return dialogue;
    }

    public static string Token(ExchangeHost host, string user = ExchangeHost.Support, string scope = "IMAP.AccessAsUser.All") => host.Token(user, scope: scope);

    public static string Offer(string user, string token) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"user={user}\u0001auth=Bearer {token}\u0001\u0001"));

    /// <returns>All lines up to the tagged one, or up to the close, joined by LF.</returns>
    public async Task<string> SayAsync(string command)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"t{++_tag}");
        await WriteAsync($"{tag} {command}\r\n");
        return await AnswerAsync(tag);
    }

    public async Task WriteAsync(string text)
    {
        await _tls.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel);
        await _tls.FlushAsync(Cancel);
    }

    public async Task<string> AnswerAsync(string tag)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await LineAsync();
            lines.Add(line);
            if (line.Length == 0 || line.StartsWith(tag + " ", StringComparison.Ordinal)) return string.Join('\n', lines);
        }
    }

    /// <returns>One line with its literals; empty at the end of the connection.</returns>
    public async Task<string> LineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            var octet = new byte[1];
            if (await _tls.ReadAsync(octet, Cancel) == 0) return line.ToString();
            line.Append((char)octet[0]);
            if (octet[0] != '\n') continue;
            if (Literal().Match(line.ToString()) is not { Success: true } match) return line.ToString().TrimEnd('\r', '\n');
            var literal = new byte[int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)];
            await _tls.ReadExactlyAsync(literal, Cancel);
            line.Append(Encoding.Latin1.GetString(literal));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _tcp.Dispose();
    }

    [GeneratedRegex(@"\{(\d+)\}\r\n$", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();
}
