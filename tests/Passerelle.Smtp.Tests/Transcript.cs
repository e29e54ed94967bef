using System.Globalization;
using System.Text.RegularExpressions;

namespace Passerelle.Smtp.Tests;

/// <summary>
/// Plays a conversation as RFC 5321 appendix D prints it. <c>C:</c> a line to send, CR LF added · <c>R:</c> raw, with
/// \r \n \0 \xHH escapes and nothing added · <c>S:</c> a whole reply, its last line, <c>*</c> for anything · <c>H:</c> any
/// line of the reply before · <c>T:</c> minutes that pass · <c>!</c> stop, abort, hangup, closed,
/// or expire: time passes until the server has ended.
/// </summary>
internal static class Transcript
{
    /// <summary>As far as a recipient that is taken.</summary>
    public const string ToBob = """
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example>
        S: 250 *

        """;

    public static Task<AcceptAll> PlaysAsync(SmtpLimits limits, string text) =>
        PlaysAsync(Conversation.Options(limits), new AcceptAll(), text);

    public static async Task<AcceptAll> PlaysAsync(SmtpServerOptions options, AcceptAll host, string text)
    {
        await using var conversation = new Conversation(options, host);
        string? reply = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = line.Length > 2 ? line[3..] : "";
            switch (line[..2])
            {
                case "C:": await conversation.SendAsync(rest + "\r\n"); break;
                case "R:": await conversation.SendAsync(Unescape(rest)); break;
                case "S:": reply = await ExpectAsync(conversation, rest, line); break;
                case "H:": Assert.Contains(reply!.Split('\n'), said => Fits(rest, said)); break;
                case "T:": conversation.Time.Advance(Minutes(rest)); break;
                case "! ": await DoAsync(conversation, line[2..]); break;
                default: Assert.Fail($"What is this: {line}"); break;
            }
        }
        return host;
    }

    private static async Task<string> ExpectAsync(Conversation conversation, string pattern, string line)
    {
        var reply = await conversation.ReadReplyAsync();
        Assert.True(reply is not null, $"Closed, where expected: {line}");
        var last = reply.Split('\n')[^1];
        Assert.True(Fits(pattern, last), $"Expected {pattern}, said {last}");
        return reply;
    }

    private static async Task DoAsync(Conversation conversation, string what)
    {
        switch (what)
        {
            case "expire": await conversation.ExpireAsync(); break;
            case "stop": conversation.Stop(); break;
            case "abort": conversation.Abort(); break;
            case "hangup": await conversation.Client.Output.CompleteAsync(); break;
            case "closed": Assert.Null(await conversation.ReadReplyAsync()); break;
            default: Assert.Fail($"What is this: {what}"); break;
        }
    }

    private static bool Fits(string pattern, string said) =>
        Regex.IsMatch(said, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");

    private static TimeSpan Minutes(string text) => TimeSpan.FromMinutes(double.Parse(text, CultureInfo.InvariantCulture));

    private static string Unescape(string text) =>
        Regex.Unescape(text.Replace("\\0", "\\x00", StringComparison.Ordinal));
}
