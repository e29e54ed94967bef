using System.Globalization;

namespace Passerelle.Lab.Imap;

/// <summary>One thing that FETCH is asked for (RFC 3501 §6.4.5).</summary>
/// <param name="Name">As the answer names it: upper case, without PEEK.</param>
/// <param name="Section">Set for contents.</param>
/// <param name="Peek">Reading it leaves the mail unread.</param>
internal sealed record FetchItem(string Name, BodySection? Section = null, bool Peek = true, (uint From, uint Count)? Partial = null)
{
    private static readonly string[] Fast = ["FLAGS", "INTERNALDATE", "RFC822.SIZE"];

    /// <summary>Whether the mail itself must be read.</summary>
    public bool NeedsContent => Section is not null || Name is "ENVELOPE" or "BODY" or "BODYSTRUCTURE";

    public static List<FetchItem> ReadAll(ImapArguments arguments)
    {
        if (arguments.Take('('))
        {
            var items = new List<FetchItem>();
            while (!arguments.Take(')'))
            {
                if (items.Count > 0) arguments.Space();
                items.Add(Read(arguments));
            }

            return items;
        }

        var one = Read(arguments);
        return one.Name switch
        {
            "FAST" => [.. Fast.Select(Plain)],
            "ALL" => [.. Fast.Append("ENVELOPE").Select(Plain)],
            "FULL" => [.. Fast.Append("ENVELOPE").Append("BODY").Select(Plain)],
            _ => [one],
        };
    }

    private static FetchItem Plain(string name) => new(name);

    private static FetchItem Read(ImapArguments arguments)
    {
        var name = arguments.While(c => char.IsAsciiLetterOrDigit(c) || c == '.').ToUpperInvariant();
        if (name is "BODY" or "BODY.PEEK" && arguments.Next == '[') return Content(arguments, name == "BODY.PEEK");
        return name switch
        {
            "RFC822" => new FetchItem(name, new BodySection([], SectionPart.All), Peek: false),
            "RFC822.HEADER" => new FetchItem(name, new BodySection([], SectionPart.Header)),
            "RFC822.TEXT" => new FetchItem(name, new BodySection([], SectionPart.Text), Peek: false),
            "FLAGS" or "UID" or "INTERNALDATE" or "RFC822.SIZE" or "ENVELOPE" or "BODY" or "BODYSTRUCTURE" or "FAST" or "ALL" or "FULL" => new FetchItem(name),
            _ => throw new ImapSyntax(),
        };
    }

    private static FetchItem Content(ImapArguments arguments, bool peek)
    {
        arguments.Need('[');
        var section = BodySection.Read(arguments);
        arguments.Need(']');
        if (!arguments.Take('<')) return new FetchItem($"BODY[{section}]", section, peek);
        var from = arguments.Number();
        arguments.Need('.');
        var count = arguments.Number();
        arguments.Need('>');
        if (count == 0) throw new ImapSyntax();
        return new FetchItem(string.Create(CultureInfo.InvariantCulture, $"BODY[{section}]<{from}>"), section, peek, (from, count));
    }
}
