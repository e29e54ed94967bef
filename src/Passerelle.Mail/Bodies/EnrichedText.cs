using System.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>The words of text/enriched (RFC 1896) and of the text/richtext before it (RFC 1341 §7.1.3). What they only say of looks falls away; what
/// they quote is quoted with ">".</summary>
internal sealed class EnrichedText
{
    /// <summary>Longest name of a command (RFC 1896, "Formatting Commands").</summary>
    private const int LongestName = 60;
    private const int MostMarks = 20;

    private readonly string _text;
    private readonly bool _isRichText;
    private readonly StringBuilder _said = new(), _line = new();
    private int _quoted, _unfilled, _at;
    private bool _isApart; // the last line is blank

    private EnrichedText(string text, bool isRichText) => (_text, _isRichText) = (text.ReplaceLineEndings("\n"), isRichText);

    /// <param name="isRichText">text/richtext: a line end is a blank, <c>&lt;nl&gt;</c> is a line end, <c>&lt;lt&gt;</c> is "&lt;".</param>
    public static string From(string text, bool isRichText)
    {
        var reader = new EnrichedText(text, isRichText);
        reader.Read();
        return reader._said.ToString().Trim('\n');
    }

    private void Read()
    {
        while (_at < _text.Length)
        {
            char c = _text[_at++];
            if (c is '\n') EndLines();
            else if (c is not '<') _line.Append(c);
            else if (!_isRichText && _at < _text.Length && _text[_at] is '<') _line.Append(_text[_at++]);
            else if (Command() is { } command) Obey(command);
            else _line.Append(c);
        }
        Break();
    }

    /// <summary>RFC 1896: one line end is a blank, n of them are n - 1 lines.</summary>
    private void EndLines()
    {
        int ends = 1;
        while (_at < _text.Length && _text[_at] is '\n') (_at, ends) = (_at + 1, ends + 1);
        int lines = _unfilled > 0 ? ends : _isRichText ? 0 : ends - 1;
        for (int i = 0; i < lines; i++) Break();
        if (lines == 0 && _line.Length > 0 && _line[^1] is not ' ') _line.Append(' ');
    }

    /// <returns>Lower case, "/" in front of one that ends; null when it is a sign like another.</returns>
    private string? Command()
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_at, Math.Min(LongestName + 2, _text.Length - _at));
        int end = rest.IndexOf('>');
        if (end <= 0) return null;
        ReadOnlySpan<char> name = rest[..end];
        foreach (char c in name[0] is '/' ? name[1..] : name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return null;
        }
        _at += end + 1;
        return name.ToString().ToLowerInvariant();
    }

    private void Obey(string command)
    {
        switch (command)
        {
            case "nl" or "np": Break(); break;
            case "lt": _line.Append('<'); break;
            case "param": Pass("</param>"); break;
            case "comment": Pass("</comment>"); break;
            case "verbatim": Copy("</verbatim>"); break;
            case "nofill": _unfilled++; break;
            case "/nofill": _unfilled = Math.Max(0, _unfilled - 1); break;
            case "excerpt":
                EndBegun();
                _quoted++;
                break;
            case "/excerpt":
                EndBegun();
                _quoted = Math.Max(0, _quoted - 1);
                break;
            case "paragraph" or "/paragraph" or "heading" or "/heading" or "footing" or "/footing" or "signature" or "/signature":
                EndBegun();
                if (_said.Length > 0 && !_isApart) Break();
                break;
            case "center" or "/center" or "flushleft" or "/flushleft" or "flushright" or "/flushright" or "paraindent" or "/paraindent":
                EndBegun();
                break;
        }
    }

    private void Pass(string end) => _at = _text.IndexOf(end, _at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found ? found + end.Length : _text.Length;

    private void Copy(string end)
    {
        int from = _at;
        Pass(end);
        int to = _at - (_text.AsSpan(from, _at - from).EndsWith(end, StringComparison.OrdinalIgnoreCase) ? end.Length : 0);
        foreach (char c in _text.AsSpan(from, to - from))
        {
            if (c is '\n') Break();
            else _line.Append(c);
        }
    }

    private void EndBegun()
    {
        if (_line.Length > 0) Break();
    }

    private void Break()
    {
        if (_quoted > 0) _said.Append('>', Math.Min(_quoted, MostMarks)).Append(' ');
        string line = _line.ToString().TrimEnd(' ');
        _isApart = line.Length == 0;
        _said.Append(line).Append('\n');
        _line.Clear();
    }
}
