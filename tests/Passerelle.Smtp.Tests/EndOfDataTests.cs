using System.Text;
using System.Text.RegularExpressions;

namespace Passerelle.Smtp.Tests;

/// <summary>Where a message ends (RFC 5321 §4.1.1.4), for every sequence of the four octets that matter and every way to cut it into pieces.</summary>
public sealed partial class EndOfDataTests
{
    private const int Longest = 8;
    private const string Octets = "x.\r\n";

    private static readonly SmtpLimits Limits = new();

    [Fact]
    public void Every_sequence_ends_where_the_standard_says_and_nowhere_else()
    {
        foreach (var text in EverySequence())
        {
            var (end, content, refused) = ByTheStandard(text);
            var seen = Decode(text, text.Length);
            Assert.True((seen.End, seen.Refused) == (end, refused) && (end < 0 || refused || seen.Content == content), Shown(text, seen));
        }
    }

    [Fact]
    public void Cut_anywhere_it_is_the_same_message()
    {
        foreach (var text in EverySequence())
        {
            var whole = Decode(text, text.Length);
            for (var cut = 1; cut < text.Length; cut++) Same(Decode(text, cut));
            Same(Decode(text, 0)); // octet by octet

            void Same((int End, string Content, bool Refused) pieces) =>
                Assert.True((pieces.End, pieces.Refused) == (whole.End, whole.Refused) && (pieces.Refused || pieces.Content == whole.Content), Shown(text, pieces));
        }
    }

    [Theory]
    [InlineData("a\r\n.\r\n")]
    [InlineData("a\r\n.\n")]
    [InlineData("a\n.\n")]
    [InlineData("a\n.\r\n")]
    [InlineData("a\r.\r")]
    [InlineData("a\r\n.\r")]
    [InlineData("a\r\n\0.\r\n")]
    [InlineData("a\r\n..\r\n")]
    [InlineData("a\r\n.\r\r\n")]
    public async Task On_the_wire_a_terminator_in_two_packets_is_the_same(string sequence)
    {
        var behind = sequence + "RSET\r\nb\r\n.\r\nQUIT\r\n";
        var whole = await TalkAsync([behind]);
        for (var cut = 1; cut < behind.Length; cut++) Assert.Equal(whole, await TalkAsync([behind[..cut], behind[cut..]]));
    }

    private static async Task<string> TalkAsync(string[] packets)
    {
        await using var conversation = new Conversation(Conversation.Options());
        await conversation.SendAsync("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@contoso.example>\r\nDATA\r\n");
        foreach (var packet in packets) await conversation.SendAsync(packet);
        await conversation.Client.Output.CompleteAsync();
        var replies = string.Join('\n', await conversation.ReadToEndAsync());
        return replies + string.Concat(conversation.Host.Messages.Select(message => "\n" + Encoding.Latin1.GetString(message.Content)));
    }

    private static IEnumerable<string> EverySequence()
    {
        IEnumerable<string> shorter = [""];
        for (var length = 1; length <= Longest; length++)
        {
            shorter = [.. shorter.SelectMany(text => Octets, (text, octet) => text + octet)];
            foreach (var text in shorter) yield return text;
        }
    }

    /// <summary>Another way to say it: the first CR LF . CR LF, the one behind DATA counted as the first CR LF; then dots; then lonely CR and LF.</summary>
    private static (int End, string Content, bool Refused) ByTheStandard(string text)
    {
        var lines = "\r\n" + text;
        var at = lines.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        var sent = at < 0 ? text : lines[2..(at + 2)];
        var looked = at < 0 ? sent.TrimEnd('\r') + (sent.EndsWith("\r\r", StringComparison.Ordinal) ? "\rx" : "") : sent; // a last CR may still get its LF
        return (at < 0 ? -1 : at + 3, Unstuffed().Replace("\r\n" + sent, "$1")[2..], Lonely().IsMatch(looked));
    }

    /// <param name="cut">Where the first piece ends; 0: every octet is a piece.</param>
    private static (int End, string Content, bool Refused) Decode(string text, int cut)
    {
        var decoder = new DotDecoder(Limits);
        var content = new StringBuilder();
        var target = new byte[text.Length + 1];
        var at = 0;
        while (at < text.Length && !decoder.Ended)
        {
            var length = cut == 0 ? 1 : at < cut ? cut - at : text.Length - at;
            at += decoder.Decode(Encoding.Latin1.GetBytes(text.Substring(at, length)), target, out var written);
            content.Append(Encoding.Latin1.GetString(target, 0, written));
        }
        return (decoder.Ended ? at : -1, content.ToString(), decoder.Refusal is not null);
    }

    private static string Shown(string text, (int, string, bool) seen) => Regex.Escape($"{text} gave {seen}");

    [GeneratedRegex(@"(\r\n)\.")]
    private static partial Regex Unstuffed();

    [GeneratedRegex(@"\r(?!\n)|(?<!\r)\n")]
    private static partial Regex Lonely();
}
