using System.Globalization;
using System.Text;

namespace Passerelle.Lab.Imap;

/// <summary>Reads what stands behind a command, from left to right (RFC 3501 §9). A literal is a NUL in the text, its bytes beside.</summary>
internal sealed class ImapArguments(string text, IReadOnlyList<byte[]> literals)
{
    public const char Literal = '\0';
    private int _at;
    private int _literal;

    public bool AtEnd => _at >= text.Length;

    public char Next => AtEnd ? '\n' : text[_at];

    public bool Take(char wanted)
    {
        if (Next != wanted) return false;
        _at++;
        return true;
    }

    /// <exception cref="ImapSyntax">Something else stands there.</exception>
    public void Need(char wanted)
    {
        if (!Take(wanted)) throw new ImapSyntax();
    }

    public void Space() => Need(' ');

    public void End()
    {
        Take(' '); // clients leave one behind
        if (!AtEnd) throw new ImapSyntax();
    }

    /// <summary>As far as the characters are allowed; not empty.</summary>
    public string While(Func<char, bool> allowed)
    {
        var from = _at;
        while (!AtEnd && allowed(text[_at])) _at++;
        return _at > from ? text[from.._at] : throw new ImapSyntax();
    }

    public string Atom() => While(IsAtom);

    public uint Number() =>
        uint.TryParse(While(char.IsAsciiDigit), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ImapSyntax();

    /// <summary>An astring: quoted, literal or bare.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    public byte[] Bytes() => Next switch
    {
        '"' => Encoding.Latin1.GetBytes(Quoted()),
        Literal => LiteralBytes(),
        _ => Encoding.Latin1.GetBytes(While(c => IsAtom(c) || c == ']')),
    };

    /// <summary>A mailbox name with wildcards (RFC 3501 §6.3.8).</summary>
    public string Pattern() => Next is '"' or Literal ? Text() : While(c => IsAtom(c) || c is ']' or '%' or '*');

    /// <exception cref="ImapSyntax">No literal stands there.</exception>
    public byte[] LiteralBytes()
    {
        Need(Literal);
        return literals[_literal++];
    }

    /// <summary>Words in parentheses, or one without.</summary>
    public IReadOnlyList<string> Words(Func<string> word)
    {
        if (!Take('(')) return [word()];
        var words = new List<string>();
        while (!Take(')'))
        {
            if (words.Count > 0) Space();
            words.Add(word());
        }

        return words;
    }

    public string Flag() => (Take('\\') ? "\\" : "") + Atom();

    private string Quoted()
    {
        Need('"');
        var quoted = new StringBuilder();
        while (!Take('"'))
        {
            Take('\\');
            if (AtEnd || Next == Literal) throw new ImapSyntax();
            quoted.Append(text[_at++]);
        }

        return quoted.ToString();
    }

    private static bool IsAtom(char c) => c is > ' ' and not ('(' or ')' or '{' or '%' or '*' or '"' or '\\' or ']' or '\x7f');
}
