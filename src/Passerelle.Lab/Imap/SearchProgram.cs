using System.Text;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>A mail that is looked at.</summary>
/// <param name="Tree">Empty unless the search asks for content.</param>
internal sealed record SearchCandidate(int Number, StoredMail Mail, MailTree Tree);

/// <summary>What SEARCH asks for (RFC 3501 §6.4.4): keys that must all fit.</summary>
internal sealed class SearchProgram
{
    private const int Deepest = 100;
    private readonly ImapArguments _arguments;
    private readonly SelectedFolder _folder;
    private readonly List<Func<SearchCandidate, bool>> _keys = [];

    private SearchProgram(ImapArguments arguments, SelectedFolder folder)
    {
        _arguments = arguments;
        _folder = folder;
    }

    public bool NeedsContent { get; private set; }

    public static SearchProgram Read(ImapArguments arguments, SelectedFolder folder)
    {
        var program = new SearchProgram(arguments, folder);
        arguments.Space();
        do program._keys.Add(program.Key(0));
        while (arguments.Take(' ') && !arguments.AtEnd);
        arguments.End();
        return program;
    }

    public bool Fits(SearchCandidate candidate) => _keys.TrueForAll(key => key(candidate));

    private Func<SearchCandidate, bool> Key(int depth)
    {
        if (depth > Deepest) throw new ImapSyntax();
        if (_arguments.Take('(')) return All(depth);
        if (char.IsAsciiDigit(_arguments.Next) || _arguments.Next == '*') return Numbers(SequenceSet.Read(_arguments));
        var name = _arguments.Atom().ToUpperInvariant();
        return name switch
        {
            "NOT" => Not(Next(depth)),
            "OR" => Either(Next(depth), Next(depth)),
            "CHARSET" => Charset(depth),
            "ALL" or "OLD" => _ => true,
            "NEW" or "RECENT" => _ => false, // nothing is ever recent here, as at Exchange
            "UID" => Uids(Set()),
            "KEYWORD" => Flag(Keyword()),
            "UNKEYWORD" => Not(Flag(Keyword())),
            "LARGER" => Size(Number(), (bytes, bound) => bytes > bound),
            "SMALLER" => Size(Number(), (bytes, bound) => bytes < bound),
            "BEFORE" => Received(Day(), (day, bound) => day < bound),
            "ON" => Received(Day(), (day, bound) => day == bound),
            "SINCE" => Received(Day(), (day, bound) => day >= bound),
            "SENTBEFORE" => Sent(Day(), (day, bound) => day < bound),
            "SENTON" => Sent(Day(), (day, bound) => day == bound),
            "SENTSINCE" => Sent(Day(), (day, bound) => day >= bound),
            "SUBJECT" or "FROM" or "TO" or "CC" or "BCC" => Header(name, Text()),
            "HEADER" => Header(Text(), Text()),
            "BODY" => Body(Text()),
            "TEXT" => Anywhere(Text()),
            _ => Marked(name),
        };
    }

    private Func<SearchCandidate, bool> Next(int depth)
    {
        _arguments.Space();
        return Key(depth + 1);
    }

    private Func<SearchCandidate, bool> All(int depth)
    {
        var keys = new List<Func<SearchCandidate, bool>> { Key(depth + 1) };
        while (!_arguments.Take(')')) keys.Add(Next(depth));
        return candidate => keys.TrueForAll(key => key(candidate));
    }

    /// <summary>Words are read as UTF-8, of which US-ASCII is a part.</summary>
    private Func<SearchCandidate, bool> Charset(int depth) => Text().ToUpperInvariant() is "UTF-8" or "US-ASCII"
        ? Next(depth)
        : throw new ImapSyntax("NO [BADCHARSET (UTF-8 US-ASCII)] The specified charset is not supported.");

    /// <summary>SEEN, UNSEEN and their like.</summary>
    private static Func<SearchCandidate, bool> Marked(string name)
    {
        var without = name.StartsWith("UN", StringComparison.Ordinal);
        var flag = ImapText.Parse(["\\" + (without ? name[2..] : name)]);
        if (flag == MailFlags.None) throw new ImapSyntax();
        return without ? Not(Flag(flag)) : Flag(flag);
    }

    private static Func<SearchCandidate, bool> Not(Func<SearchCandidate, bool> key) => candidate => !key(candidate);

    private static Func<SearchCandidate, bool> Either(Func<SearchCandidate, bool> one, Func<SearchCandidate, bool> other) =>
        candidate => one(candidate) || other(candidate);

    private static Func<SearchCandidate, bool> Flag(MailFlags flag) => candidate => flag != MailFlags.None && candidate.Mail.Flags.HasFlag(flag);

    private Func<SearchCandidate, bool> Numbers(SequenceSet set)
    {
        var largest = (uint)_folder.Known.Count;
        return candidate => set.Contains((uint)candidate.Number, largest);
    }

    private Func<SearchCandidate, bool> Uids(SequenceSet set)
    {
        var largest = _folder.Known.Count == 0 ? 0 : _folder.Known[^1].Uid;
        return candidate => set.Contains(candidate.Mail.Uid, largest);
    }

    private static Func<SearchCandidate, bool> Size(uint bound, Func<long, long, bool> compare) => candidate => compare(candidate.Mail.Bytes, bound);

    private static Func<SearchCandidate, bool> Received(DateOnly bound, Func<DateOnly, DateOnly, bool> compare) =>
        candidate => compare(DateOnly.FromDateTime(candidate.Mail.ReceivedAt.UtcDateTime), bound);

    /// <summary>By the Date field, its zone left aside (RFC 3501 §6.4.4).</summary>
    private Func<SearchCandidate, bool> Sent(DateOnly bound, Func<DateOnly, DateOnly, bool> compare)
    {
        NeedsContent = true;
        return candidate => candidate.Tree.Message.Headers.Contains(MimeKit.HeaderId.Date)
            && compare(DateOnly.FromDateTime(candidate.Tree.Message.Date.DateTime), bound);
    }

    /// <summary>An empty word asks whether the field is there.</summary>
    private Func<SearchCandidate, bool> Header(string field, string word)
    {
        NeedsContent = true;
        return candidate => candidate.Tree.Message.Headers.Any(header =>
            header.Field.Equals(field, StringComparison.OrdinalIgnoreCase) && Has(header.Value, word));
    }

    private Func<SearchCandidate, bool> Body(string word)
    {
        NeedsContent = true;
        return candidate => InBody(candidate.Tree, word);
    }

    private Func<SearchCandidate, bool> Anywhere(string word)
    {
        NeedsContent = true;
        return candidate => candidate.Tree.Message.Headers.Any(header => Has($"{header.Field}: {header.Value}", word)) || InBody(candidate.Tree, word);
    }

    private static bool InBody(MailTree tree, string word) =>
        Has(tree.Message.TextBody ?? "", word) || Has(tree.Message.HtmlBody ?? "", word)
        || Has(Encoding.UTF8.GetString(tree.Body(tree.Root)), word);

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private string Text()
    {
        _arguments.Space();
        return _arguments.Text();
    }

    private SequenceSet Set()
    {
        _arguments.Space();
        return SequenceSet.Read(_arguments);
    }

    private uint Number()
    {
        _arguments.Space();
        return _arguments.Number();
    }

    private DateOnly Day()
    {
        _arguments.Space();
        return ImapDates.Day(_arguments.Text());
    }

    private MailFlags Keyword()
    {
        _arguments.Space();
        return ImapText.Parse([_arguments.Flag()]);
    }
}
