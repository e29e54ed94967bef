using System.Text;
using MimeKit.Text;

namespace Passerelle.Mail.NewWords;

/// <summary>The lines of an HTML mail with what its boxes say of them. A tokenizer, not a tree: linear, whatever the nesting.</summary>
internal sealed class HtmlLines
{
    private const int DeepestSearch = 200;
    private const int MostMarks = 20;

    private readonly List<Line> _lines = [];
    private readonly StringBuilder _line = new();
    private readonly List<(string Name, LineOrigin Origin, int Citations)> _open = [];
    private LineOrigin _origin;
    private int _citations;
    private bool _verbatim, _past;

    /// <summary>A blank that does not break stands in a line of its own: that line is meant to be blank.</summary>
    private bool _spaced;

    public static Line[] Of(string html)
    {
        var reader = new HtmlLines();
        var tokens = new HtmlTokenizer(new StringReader(html));
        HtmlTagId silent = HtmlTagId.Unknown; // inside of script, style or title nothing is spoken
        while (tokens.ReadNextToken(out HtmlToken? token))
        {
            switch (token)
            {
                case HtmlTagToken tag when silent is not HtmlTagId.Unknown:
                    if (tag.IsEndTag && tag.Id == silent) silent = HtmlTagId.Unknown;
                    break;
                case HtmlTagToken { IsEndTag: false, IsEmptyElement: false, Id: HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Title } tag:
                    silent = tag.Id;
                    break;
                case HtmlTagToken tag when tag.Name.Contains('@'):
                    reader._line.Append('<').Append(tag.Name).Append('>'); // an address that somebody's program forgot to escape
                    break;
                case HtmlTagToken tag:
                    if (tag.IsEndTag) reader.Close(tag);
                    else reader.Open(tag);
                    break;
                case HtmlDataToken data when silent is HtmlTagId.Unknown && data is not HtmlScriptDataToken:
                    reader.Say(data.Data);
                    break;
            }
        }
        reader.Break();
        return [.. reader._lines];
    }

    private void Open(HtmlTagToken tag)
    {
        if (tag.Id is HtmlTagId.Br)
        {
            Break(always: true);
            return;
        }
        if (IsBlock(tag.Id)) Break();
        if (tag.Id is HtmlTagId.LI) _line.Append("- ");
        _verbatim |= tag.Id is HtmlTagId.Pre;
        LineOrigin said = Boxes.Of(tag, out bool toTheEnd);
        if (toTheEnd) BeginPast();
        if (tag.IsEmptyElement || IsVoid(tag.Id)) return;
        _open.Add((tag.Name, _origin, _citations));
        if (_origin is LineOrigin.Enclosed or LineOrigin.Signature) return;
        if (said is LineOrigin.Cited) _citations++;
        if (said is not LineOrigin.Unsaid && !(said is LineOrigin.Signature && _origin is LineOrigin.Cited)) _origin = said;
    }

    /// <summary>From here on everything is the past, whatever is closed.</summary>
    private void BeginPast()
    {
        if (_past) return;
        _past = true;
        Break();
        _origin = LineOrigin.Enclosed;
        for (int i = 0; i < _open.Count; i++) _open[i] = _open[i] with { Origin = LineOrigin.Enclosed };
    }

    private void Close(HtmlTagToken tag)
    {
        if (IsBlock(tag.Id)) Break();
        if (tag.Id is HtmlTagId.TD or HtmlTagId.TH) _line.Append(' ');
        _verbatim &= tag.Id is not HtmlTagId.Pre;
        Leave(tag);
        if (IsParagraph(tag.Id)) Add("");
    }

    private void Leave(HtmlTagToken tag)
    {
        for (int i = _open.Count - 1; i >= Math.Max(0, _open.Count - DeepestSearch); i--)
        {
            if (!_open[i].Name.Equals(tag.Name, StringComparison.OrdinalIgnoreCase)) continue;
            (_, _origin, _citations) = _open[i];
            _open.RemoveRange(i, _open.Count - i);
            return;
        }
    }

    private void Say(string data)
    {
        foreach (char c in data)
        {
            if (_verbatim && c is '\n') Break(always: true);
            else if (c is not (' ' or '\t' or '\r' or '\n' or '\f' or '\u00a0')) _line.Append(c);
            else if (_line.Length > 0 && (_verbatim || _line[^1] is not ' ')) _line.Append(' ');
            else _spaced |= c is '\u00a0';
        }
    }

    private void Break(bool always = false)
    {
        if (_line.Length > 0 || always || _spaced) Add(_line.ToString());
        _line.Clear();
        _spaced = false;
    }

    private void Add(string text)
    {
        text = text.Trim();
        if (text.Length == 0 && (_lines.Count == 0 || _lines[^1].IsBlank)) return;
        _lines.Add(new Line(_citations == 0 ? text : $"{new string('>', Math.Min(_citations, MostMarks))} {text}", _origin));
    }

    private static bool IsBlock(HtmlTagId tag) => tag is
        HtmlTagId.Div or HtmlTagId.P or HtmlTagId.TR or HtmlTagId.HR or HtmlTagId.Table or HtmlTagId.BlockQuote or HtmlTagId.UL
        or HtmlTagId.OL or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6
        or HtmlTagId.Pre or HtmlTagId.Center or HtmlTagId.DL or HtmlTagId.DT or HtmlTagId.DD or HtmlTagId.Body or HtmlTagId.Address
        or HtmlTagId.Section or HtmlTagId.Article or HtmlTagId.Header or HtmlTagId.Footer or HtmlTagId.FieldSet or HtmlTagId.Form;

    private static bool IsParagraph(HtmlTagId tag) => tag is
        HtmlTagId.P or HtmlTagId.UL or HtmlTagId.OL or HtmlTagId.BlockQuote or HtmlTagId.Table
        or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6;

    private static bool IsVoid(HtmlTagId tag) => tag is
        HtmlTagId.Br or HtmlTagId.HR or HtmlTagId.Image or HtmlTagId.Meta or HtmlTagId.Link or HtmlTagId.Input or HtmlTagId.Base
        or HtmlTagId.Area or HtmlTagId.Col or HtmlTagId.Embed or HtmlTagId.Param or HtmlTagId.Wbr;
}
