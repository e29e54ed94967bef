using System.Buffers.Text;
using System.Text;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>Commands of any state, and those that sign in (RFC 3501 §6.1 and §6.2; ID is RFC 2971).</summary>
internal static class AnyTimeCommands
{
    /// <returns>Null when it is none of these.</returns>
    public static async ValueTask<string?> HandleAsync(ImapSession session, ImapCommand command)
    {
        switch (command.Name)
        {
            case "":
                return ImapReplies.BadCommand;
            case CommandReader.TooLarge:
                return session.Account is null ? ImapReplies.BadCommand : ImapReplies.TooLarge;
            case "CAPABILITY":
                session.Wire.WriteLine("* CAPABILITY " + Capabilities(session));
                return ImapReplies.Completed(command.Name);
            case "ID":
                session.Wire.WriteLine("* ID (\"name\" \"Microsoft.Exchange.Imap4.Imap4Server\" \"version\" \"15.20\")");
                return ImapReplies.Completed(command.Name);
            case "LOGOUT":
                session.Open(null);
                session.Wire.WriteLine("* BYE " + ImapEnd.SigningOff.Farewell);
                return ImapReplies.Completed(command.Name);
            case "NOOP" when session.Account is null or { Connected: true }:
                return ImapReplies.Completed(command.Name);
            case "STARTTLS":
                return StartTls(session, command.Arguments);
            case "AUTHENTICATE" or "LOGIN" when !session.Wire.Secure:
                return ImapReplies.BadState;
            case "AUTHENTICATE":
                return session.Account is null ? await AuthenticateAsync(session, command.Arguments) : ImapReplies.BadState;
            case "LOGIN":
                return session.Account is null ? Login(session, command.Arguments) : ImapReplies.BadState;
            default:
                return null;
        }
    }

    private static string Capabilities(ImapSession session) =>
        !session.Wire.Secure ? ImapReplies.InTheClear : session.Account is null ? ImapReplies.Before : ImapReplies.After;

    /// <exception cref="ImapEnd">Commands came with it in the clear: whoever slipped them in wants them obeyed behind the handshake.</exception>
    private static string StartTls(ImapSession session, ImapArguments arguments)
    {
        if (session.Wire.Secure) return ImapReplies.BadState;
        if (!arguments.AtEnd) return ImapReplies.BadArgument;
        return session.Wire.HasMore() ? throw ImapEnd.Closed : ImapReplies.BeginTls;
    }

    /// <summary>RFC 3501 §6.2.2, the initial response of RFC 4959. A refusal comes at once, without Gmail's challenge.</summary>
    private static async Task<string> AuthenticateAsync(ImapSession session, ImapArguments arguments)
    {
        arguments.Space();
        var mechanism = arguments.Atom().ToUpperInvariant();
        var given = arguments.Take(' ') && !arguments.AtEnd ? arguments.While(c => c is > ' ' and < '\x7f') : null;
        if (mechanism is not ("XOAUTH2" or "PLAIN")) return ImapReplies.AuthenticateFailed;
        if (given is null)
        {
            session.Wire.WriteLine("+ ");
            await session.Wire.FlushAsync();
            given = await session.Wire.ReadLineAsync(session.Patience);
        }

        if (given == "*") return ImapReplies.Canceled;
        if (mechanism == "PLAIN") return ImapReplies.AuthenticateFailed;
        return await OpenAsync(session, Decoded(given) is { } data ? XOAuth2.TryParse(data) : null);
    }

    private static async Task<string> OpenAsync(ImapSession session, XOAuth2? offer)
    {
        switch (await JudgeAsync(session, offer))
        {
            case ImapOpening.Opened { Account: var account }:
                if (!session.Place.Take(account.Mailbox)) throw ImapEnd.Closed;
                session.Account = account;
                return ImapReplies.Completed("AUTHENTICATE");
            case ImapOpening.Refused { Reply: var reply } when reply.StartsWith("BYE ", StringComparison.Ordinal):
                throw new ImapEnd(reply[4..]);
            case ImapOpening.Refused { Reply: var reply }:
                return reply;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Short, or as long as a fault says.</summary>
    private static async Task<ImapOpening> JudgeAsync(ImapSession session, XOAuth2? offer)
    {
        using var ending = session.Wire.Ending();
        try
        {
            return await session.SignIn.ByTokenAsync(offer, ending.Token);
        }
        catch (OperationCanceledException)
        {
            throw ImapEnd.SigningOff;
        }
    }

    private static string Login(ImapSession session, ImapArguments arguments)
    {
        arguments.Space();
        session.SignIn.ByPassword(arguments.Text(), ImapReplies.LoginFailed);
        return ImapReplies.LoginFailed;
    }

    private static byte[]? Decoded(string base64)
    {
        var ascii = Encoding.ASCII.GetBytes(base64);
        return Base64.IsValid(ascii) ? Convert.FromBase64String(base64) : null;
    }
}
