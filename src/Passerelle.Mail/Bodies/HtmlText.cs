using System.Text;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>The words of an HTML mail. A tokenizer, not a tree: linear, whatever the nesting.</summary>
internal static partial class HtmlText
{
    /// <summary>A blank that its writer set where it stands (pre), until all others are tidied.</summary>
    private const char Kept = '\ue000';

    public static string From(string html)
    {
        var text = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(html));
        bool verbatim = false;
        HtmlTagId silent = HtmlTagId.Unknown; // inside of script, style, title or head's rest nothing is spoken
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
                case HtmlTagToken tag:
                    if (tag.Id is HtmlTagId.Pre) verbatim = !tag.IsEndTag;
                    text.Append(Break(tag));
                    break;
                case HtmlDataToken data when silent is HtmlTagId.Unknown && data is not HtmlScriptDataToken:
                    text.Append(verbatim ? data.Data.ReplaceLineEndings("\n").Replace(' ', Kept) : Spaces().Replace(data.Data, " "));
                    break;
            }
        }
        return Tidy(text.ToString());
    }

    private static string Break(HtmlTagToken tag) => tag.Id switch
    {
        HtmlTagId.Br or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.HR or HtmlTagId.Table or HtmlTagId.Pre => "\n",
        HtmlTagId.P or HtmlTagId.BlockQuote or HtmlTagId.UL or HtmlTagId.OL when tag.IsEndTag => "\n\n",
        HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6 => "\n\n",
        HtmlTagId.LI when !tag.IsEndTag => "\n- ",
        HtmlTagId.TD or HtmlTagId.TH when tag.IsEndTag => " ",
        _ => "",
    };

    private static string Tidy(string text) =>
        ManyBreaks().Replace(AroundBreak().Replace(text.Replace('\u00a0', ' '), "\n"), "\n\n").Trim().Replace(Kept, ' ');

    [GeneratedRegex(@"[ \t\r\n\f]+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@" *\n *", RegexOptions.NonBacktracking)]
    private static partial Regex AroundBreak();

    [GeneratedRegex(@"\n{3,}", RegexOptions.NonBacktracking)]
    private static partial Regex ManyBreaks();
}
