using System.Globalization;
using System.Text;

namespace Passerelle.Mail.NewWords;

/// <summary>Text as it is compared: lower case, without accents, direction marks and fancy spaces, ASCII digits and colons.
/// People and programs write "Envoyé", "Envoye" and "ENVOYÉ".</summary>
internal static class Folding
{
    public static string Of(string text) =>
        Ascii.IsValid(text) && !text.Contains('&') ? text.ToLowerInvariant() : Folded(text);

    private static string Folded(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in Decomposed(text))
        {
            switch (char.GetUnicodeCategory(c))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.EnclosingMark:
                    break;
                case UnicodeCategory.SpaceSeparator:
                    folded.Append(' ');
                    break;
                case UnicodeCategory.DecimalDigitNumber:
                    folded.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
                    break;
                case UnicodeCategory.DashPunctuation when c is '\u2010' or '\u2011':
                    folded.Append('-');
                    break;
                default:
                    folded.Append(Plain(c));
                    break;
            }
        }
        folded.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&quot;", "\"");
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>A lone half of a surrogate pair cannot be normalised, nor can U+FFFE, which is no character; then the text is compared as it stands.</summary>
    private static string Decomposed(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormD);
        }
        catch (ArgumentException)
        {
            return new string([.. text.Select(c => char.IsSurrogate(c) || c is '\ufffe' or '\uffff' ? '?' : c)]).Normalize(NormalizationForm.FormD);
        }
    }

    private static char Plain(char c) => c switch
    {
        '：' => ':',
        '＜' => '<',
        '＞' => '>',
        '’' or '‘' or '´' => '\'',
        '“' or '”' or '„' => '"',
        'ø' or 'Ø' => 'o',
        'ł' or 'Ł' => 'l',
        'đ' or 'Đ' => 'd',
        'ı' => 'i',
        _ => char.ToLowerInvariant(c),
    };
}
