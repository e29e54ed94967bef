using System.Text;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>Exchange Online's words, as clients record them. Capabilities that only its own front ends use are left out: what is
/// announced must work.</summary>
internal static class ImapReplies
{
    public const string BadArgument = "BAD Command Argument Error. 11";
    public const string BadCommand = "BAD Command Error. 10";
    public const string BadState = "BAD Command received in Invalid state.";
    public const string AuthenticateFailed = "NO AUTHENTICATE failed.";
    public const string LoginFailed = "NO LOGIN failed.";
    public const string NotConnected = "BAD User is authenticated but not connected.";
    public const string Canceled = "BAD The AUTH protocol exchange was canceled by the client.";
    public const string TooLarge = "NO [TOOBIG] Message size exceeds fixed maximum message size";
    public const string ReadOnly = "NO Command is not valid in this state: the folder was opened with EXAMINE.";
    public const string FixedFolders = "NO The folders of a lab's mailbox are fixed.";
    public const string MoreText = "+ Ready for additional command text.";
    public const string BeginTls = "OK Begin TLS negotiation now.";

    /// <summary>Until STARTTLS nobody can sign in.</summary>
    public const string InTheClear = "IMAP4 IMAP4rev1 LOGINDISABLED STARTTLS SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+";
    public const string Before = "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+";
    public const string After = "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+";

    /// <summary>The server's name stands in it as base64 of UTF-16.</summary>
    public static string Greeting { get; } =
        $"* OK The Microsoft Exchange IMAP4 service is ready. [{Convert.ToBase64String(Encoding.Unicode.GetBytes(ExchangeReplies.BackEnd))}]";

    public static string NoFolder(string name) => $"NO [TRYCREATE] {name.Replace('\r', ' ').Replace('\n', ' ')} doesn't exist.";

    public static string Completed(string command) => $"OK {command} completed.";
}
