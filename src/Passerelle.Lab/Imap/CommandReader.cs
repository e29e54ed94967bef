using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Passerelle.Lab.Imap;

/// <summary>Reads whole commands, literals included (RFC 3501 §4.3, LITERAL+ of RFC 7888).</summary>
internal sealed partial class CommandReader(ImapWire wire)
{
    /// <summary>What a mailbox takes by default (facts/microsoft365.md §5.5).</summary>
    private const int LargestMessage = 36 * 1024 * 1024;

    /// <summary>Stands for a command whose literal was announced too large, and does not come.</summary>
    public const string TooLarge = "{}";

    private const int LargestBeforeSignIn = 16 * 1024;
    private const int MostLiterals = 32;

    /// <summary>One that cannot be read has an empty name.</summary>
    /// <exception cref="ImapEnd">It is too large and comes all the same.</exception>
    public async Task<ImapCommand> ReadAsync(bool signedIn, TimeSpan patience)
    {
        var text = new StringBuilder();
        var literals = new List<byte[]>();
        var room = signedIn ? LargestMessage : LargestBeforeSignIn;
        while (true)
        {
            var line = await wire.ReadLineAsync(patience);
            if (line.Contains(ImapArguments.Literal) || text.Length + line.Length > ImapWire.LongestLine) throw ImapEnd.Closed;
            if (LiteralAtEnd().Match(line) is not { Success: true } literal) return Parse(text.Append(line).ToString(), literals);
            text.Append(line.AsSpan(0, literal.Index));
            var comesAnyway = literal.Groups[2].Length > 0;
            var fits = int.TryParse(literal.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                && length <= room && literals.Count < MostLiterals;
            if (!fits) return comesAnyway ? throw ImapEnd.Closed : Parse(text.ToString(), literals) with { Name = TooLarge };
            if (!comesAnyway)
            {
                wire.WriteLine(ImapReplies.MoreText);
                await wire.FlushAsync();
            }

            literals.Add(await wire.ReadBytesAsync(length, patience));
            text.Append(ImapArguments.Literal);
            room -= length;
        }
    }

    private static ImapCommand Parse(string line, IReadOnlyList<byte[]> literals)
    {
        if (Command().Match(line) is not { Success: true } match)
            return new ImapCommand(Tag().Match(line) is { Success: true } tag ? tag.Value : "*", "", new ImapArguments("", []));
        var name = Spaces().Replace(match.Groups[2].Value, " ").ToUpperInvariant();
        return new ImapCommand(match.Groups[1].Value, name, new ImapArguments(match.Groups[3].Value, literals));
    }

    [GeneratedRegex(@"\{(\d{1,10})(\+?)\}$", RegexOptions.CultureInvariant)]
    private static partial Regex LiteralAtEnd();

    [GeneratedRegex(@"^[!#$&',\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]{1,64}(?= |$)", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^([!#$&',\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]{1,64}) ((?:UID +)?[A-Z]{1,20})((?: .*)?)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Command();

    [GeneratedRegex(" +", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
