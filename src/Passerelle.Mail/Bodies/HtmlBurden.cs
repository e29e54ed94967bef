using MimeKit.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>Judges HTML before a tree is built of it. Tree builders are quadratic in open elements, copy every open
/// formatting element into each new paragraph (HTML standard §13.2.4.3), and writers recurse: all three can be abused.</summary>
internal static class HtmlBurden
{
    private const int MaxDepth = 1_000; // a thread of many answers, each within the one before, passes 500
    private const long MaxClimbs = 20_000_000;
    /// <summary>Cleaning costs by the tag: a megabyte of ordinary mail has a third of that.</summary>
    private const int MaxTags = 60_000;

    private const long MaxCopies = 500_000;

    public static bool IsTooHeavy(string html)
    {
        int depth = 0, formatting = 0, deepest = 0, mostFormatting = 0;
        long tags = 0;
        var tokens = new HtmlTokenizer(new StringReader(html));
        while (tokens.ReadNextToken(out HtmlToken? token))
        {
            if (token is not HtmlTagToken tag) continue;
            tags++;
            int step = tag.IsEndTag ? -1 : 1;
            if (IsFormatting(tag.Id)) formatting = Math.Max(0, formatting + step);
            if (!ClosesItself(tag.Id)) depth = Math.Max(0, depth + step);
            deepest = Math.Max(deepest, depth);
            mostFormatting = Math.Max(mostFormatting, formatting);
        }
        return tags > MaxTags || deepest > MaxDepth || deepest * tags > MaxClimbs || mostFormatting * tags > MaxCopies;
    }

    private static bool ClosesItself(HtmlTagId tag) => tag is
        HtmlTagId.Br or HtmlTagId.HR or HtmlTagId.Image or HtmlTagId.Meta or HtmlTagId.Link or HtmlTagId.Input or HtmlTagId.Base
        or HtmlTagId.Area or HtmlTagId.Col or HtmlTagId.Embed or HtmlTagId.Param or HtmlTagId.Wbr or HtmlTagId.P or HtmlTagId.LI
        or HtmlTagId.TD or HtmlTagId.TH or HtmlTagId.TR or HtmlTagId.DD or HtmlTagId.DT or HtmlTagId.TBody or HtmlTagId.THead
        or HtmlTagId.Option or HtmlTagId.Html or HtmlTagId.Head or HtmlTagId.Body;

    private static bool IsFormatting(HtmlTagId tag) => tag is
        HtmlTagId.A or HtmlTagId.B or HtmlTagId.Big or HtmlTagId.Code or HtmlTagId.EM or HtmlTagId.Font or HtmlTagId.I
        or HtmlTagId.NoBR or HtmlTagId.S or HtmlTagId.Small or HtmlTagId.Strike or HtmlTagId.Strong or HtmlTagId.TT or HtmlTagId.U;
}
