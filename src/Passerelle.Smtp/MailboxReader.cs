using System.Text;

namespace Passerelle.Smtp;

/// <summary>
/// Reads one Mailbox off the front of a text. Strict is RFC 5321 §4.1.2 as written. Lenient also takes what RFC 822
/// took (comments, spaces around dots, backslashes outside quotes, no domain): old senders write such reverse-paths, we
/// only record them, and what we record is written anew, so no odd spelling travels on.
/// </summary>
internal ref struct MailboxReader(ReadOnlySpan<char> text, bool strict)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly bool _strict = strict;

    public int Position { get; private set; }

    private readonly char Next => Position < _text.Length ? _text[Position] : '\0';

    /// <returns>Null when there is none.</returns>
    public Mailbox? Read()
    {
        Skip();
        if (Local() is not { } local) return null;
        if (Next != '@') return _strict ? null : new Mailbox(local, null);
        Position++;
        Skip();
        return (Next == '[' ? Literal() : Domain()) is { } domain ? new Mailbox(local, domain) : null;
    }

    /// <summary>Plain atoms are taken in one piece; anything else goes the long way.</summary>
    private string? Local()
    {
        var end = Position;
        while (end < _text.Length && PathSyntax.IsAtomText(_text[end])) end++;
        if (end > Position && end < _text.Length && _text[end] is '@' or '>')
        {
            var atom = _text[Position..end].ToString();
            Position = end;
            return atom;
        }
        return Words();
    }

    private string? Words()
    {
        var local = new StringBuilder();
        while (Word(local))
        {
            var behind = Position;
            var wasQuoted = _text[behind - 1] == '"';
            Skip();
            if (_strict && wasQuoted) return local.ToString(); // quotes go round the whole local part
            if (Next != '.')
            {
                // a space may also be the one before the parameters
                if (Next != '@') Position = behind;
                return local.ToString();
            }
            local.Append('.');
            Position++;
            Skip();
        }
        return null;
    }

    private bool Word(StringBuilder local)
    {
        var start = Position;
        while (true)
        {
            if (PathSyntax.IsAtomText(Next)) local.Append(_text[Position++]);
            else if (Next == '"' && (!_strict || local.Length == 0))
            {
                if (!Quoted(local)) return false;
                if (_strict) return true;
            }
            else if (Next == '\\' && !_strict && Position + 1 < _text.Length)
            {
                local.Append(_text[Position + 1]);
                Position += 2;
            }
            else return Position > start;
        }
    }

    private bool Quoted(StringBuilder local)
    {
        for (Position++; Position < _text.Length; Position++)
        {
            if (Next == '"')
            {
                Position++;
                return true;
            }
            var escaped = Next == '\\';
            if (escaped) Position++;
            if (!PathSyntax.IsQuotable(Next) || (escaped && !char.IsAscii(Next))) return false;
            local.Append(Next);
        }
        return false;
    }

    private string? Literal()
    {
        var length = _text[Position..].IndexOf(']') + 1;
        if (length < 3) return null;
        var literal = _text.Slice(Position, length);
        if (literal.ContainsAny(' ', '<', '>') || (_strict && !PathSyntax.IsStrictLiteral(literal))) return null;
        Position += length;
        return literal.ToString();
    }

    private string? Domain()
    {
        var domain = Label().ToString();
        while (domain.Length > 0)
        {
            Comments();
            var behind = Position;
            Skip();
            if (Next != '.')
            {
                Position = behind;
                return !_strict || PathSyntax.IsStrictDomain(domain) ? domain : null;
            }
            Position++;
            Skip();
            var label = Label();
            if (label.IsEmpty) return null;
            domain = $"{domain}.{label}";
        }
        return null;
    }

    private ReadOnlySpan<char> Label()
    {
        var start = Position;
        while (PathSyntax.IsDomainText(Next)) Position++;
        return _text[start..Position];
    }

    private void Skip()
    {
        if (_strict) return;
        while (Next is ' ' or '\t' || Comment()) if (Next is ' ' or '\t') Position++;
    }

    private void Comments()
    {
        while (!_strict && Comment())
        {
            // each one moves on
        }
    }

    private bool Comment()
    {
        if (Next != '(') return false;
        var depth = 0;
        for (var i = Position; i < _text.Length; i++)
        {
            if (_text[i] == '\\') i++;
            else if (_text[i] == '(') depth++;
            else if (_text[i] == ')' && --depth == 0)
            {
                Position = i + 1;
                return true;
            }
        }
        return false;
    }
}
