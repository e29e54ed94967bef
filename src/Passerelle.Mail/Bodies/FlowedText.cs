using System.Text;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>Paragraphs whose lines were broken for the way only (RFC 3676): a line that ends with a blank goes on in the next one.</summary>
internal static class FlowedText
{
    /// <returns>The text as its writer saw it; the same where the part does not say <c>format=flowed</c>.</returns>
    public static string Of(TextPart part, string text) =>
        string.Equals(part.ContentType.Parameters["format"]?.Trim(), "flowed", StringComparison.OrdinalIgnoreCase)
            ? Joined(text, string.Equals(part.ContentType.Parameters["delsp"]?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
            : text;

    /// <param name="text">Any line ends.</param>
    /// <param name="deletesBlank">DelSp (§4.2): the blank at the end was put there to be deleted, as where words have none between them.</param>
    private static string Joined(string text, bool deletesBlank)
    {
        var joined = new StringBuilder(text.Length);
        int open = -1; // depth of quotation of the paragraph that goes on
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            int depth = line.AsSpan().IndexOfAnyExcept('>') is >= 0 and var marks ? marks : line.Length;
            string content = line[(depth < line.Length && line[depth] is ' ' ? depth + 1 : depth)..]; // §4.4: a blank may be stuffed in front
            bool separates = content is "-- "; // §4.3: the signature's line is always a line of its own
            if (open == depth && !separates) joined.Append(content);
            else joined.Append('\n').Append(depth == 0 ? content : line);
            open = content.EndsWith(' ') && !separates ? depth : -1;
            if (open >= 0 && deletesBlank) joined.Length--;
        }
        return joined.ToString(1, joined.Length - 1);
    }
}
