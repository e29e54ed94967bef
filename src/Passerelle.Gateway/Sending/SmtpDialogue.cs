using System.Text;
using MailKit;

namespace Passerelle.Gateway.Sending;

/// <param name="Command">The verb, with the mechanism of an AUTH; never an argument that could be a secret.</param>
/// <param name="Reply">As the server said it, all lines.</param>
internal sealed record SmtpExchange(string Command, string Reply);

/// <summary>Listens to the wire: the server's own words, and the moment the final dot has gone.</summary>
internal sealed class SmtpDialogue : IProtocolLogger
{
    private const int MostExchanges = 64;
    private const int LongestReply = 2000;
    private static readonly string[] Verbs = ["EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA", "QUIT", "NOOP", "RSET"];
    private readonly List<SmtpExchange> _exchanges = [];
    private readonly StringBuilder _reply = new();
    private string _command = "connect";

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <summary>Called when bytes ending in the final dot have been written.</summary>
    public Action? DotWritten { get; set; }

    public string LastReply => _reply.ToString().TrimEnd();

    /// <summary>From the greeting on, at most 64.</summary>
    public IReadOnlyList<SmtpExchange> Exchanges => [.. _exchanges, new SmtpExchange(_command, LastReply)];

    public void LogConnect(Uri uri) => Begin("connect");

    public void LogClient(byte[] buffer, int offset, int count)
    {
        var written = buffer.AsSpan(offset, count);
        if (written.EndsWith(".\r\n"u8)) DotWritten?.Invoke();
        Begin(CommandOf(Encoding.ASCII.GetString(written[..Math.Min(count, 40)])));
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        if (_reply.Length < LongestReply) _reply.Append(Encoding.UTF8.GetString(buffer, offset, Math.Min(count, LongestReply)));
    }

    public void Dispose()
    {
        // holds nothing
    }

    private void Begin(string command)
    {
        if (_reply.Length > 0 && _exchanges.Count < MostExchanges) _exchanges.Add(new SmtpExchange(_command, LastReply));
        _reply.Clear();
        _command = command;
    }

    private static string CommandOf(string line)
    {
        var words = line.Split([' ', '\r', '\n'], 3);
        return words[0] == "AUTH" && words.Length > 1 ? $"AUTH {words[1]}" : Array.Find(Verbs, verb => verb == words[0]) ?? "…";
    }
}
