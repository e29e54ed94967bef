using System.Globalization;

namespace Passerelle.Lab.Imap;

/// <summary>Numbers such as <c>1:4,7,9:*</c> (RFC 3501 §9, sequence-set).</summary>
internal sealed class SequenceSet
{
    private const uint Last = uint.MaxValue;
    private readonly List<(uint From, uint To)> _ranges = [];

    private SequenceSet()
    {
    }

    public static SequenceSet Read(ImapArguments arguments) =>
        Parse(arguments.While(c => char.IsAsciiDigit(c) || c is ':' or ',' or '*'));

    /// <exception cref="ImapSyntax">No such set.</exception>
    public static SequenceSet Parse(string text)
    {
        var set = new SequenceSet();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split(':');
            if (ends.Length > 2) throw new ImapSyntax();
            set._ranges.Add((Number(ends[0]), Number(ends[^1])));
        }

        return set;
    }

    /// <param name="largest">What the star means.</param>
    public bool Contains(uint number, uint largest)
    {
        foreach (var (from, to) in _ranges)
        {
            var (a, b) = (from == Last ? largest : from, to == Last ? largest : to);
            if (number >= Math.Min(a, b) && number <= Math.Max(a, b)) return true;
        }

        return false;
    }

    private static uint Number(string text) => text == "*" ? Last
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < Last ? number
        : throw new ImapSyntax();
}
