using System.Text;

namespace Passerelle.Mail.Bodies;

/// <summary>The charset of bytes that declare none, or one that they are not in. A language is known by the signs that it uses most: whichever
/// charset makes the most of the bytes into those is the right one. Western text is told apart first, by its letters with accents standing alone.</summary>
internal static class GuessedCharset
{
    /// <summary>Bytes above ASCII in a row, on average: an accent stands alone, other scripts come in words.</summary>
    private const double WesternRun = 1.8;

    /// <summary>Bytes that are looked at; a language shows itself early.</summary>
    private const int Looked = 20_000;

    /// <summary>Characters that do not exist in the charset, of all: a text may be cut in the middle of one.</summary>
    private const double MostBroken = 0.03;

    /// <summary>Of the signs above ASCII, those that the language uses most.</summary>
    private const double Enough = 0.16, Certain = 0.35;

    /// <summary>WHATWG's "index-windows-1252": who says Latin-1 means this.</summary>
    public static Encoding Western { get; } = Encoding.GetEncoding(1252);

    private const string Russian = "оеаинтсрвлкмдпуяыьгзбчйхж";
    private const string Japanese = "のにはをたがでてとしれさいるもなすまりくあよおかっこそだけんうきせちつねみめやらわろえ、。ーンスルトイラリクアドッタ";

    private static readonly (Encoding Charset, HashSet<char> Usual)[] Rows =
    [
        Row(1251, Russian), Row(20866, Russian), Row(866, Russian),
        Row(1253, "αεοιντσρηπκλμυςάόέίώύήγδθω"), Row(1255, "יוהלאמרתבשנםדעקפכחגסט"), Row(1256, "اليمونرتبةعدسفهكقحجشطصأ"), Row(874, "านรกอเงมวสลยทตคะบดพหใไแปจชข่้ัีิ็์ำุู"),
        Row(932, Japanese),
        Row(51932, Japanese),
        Row(936, "的一是不了在人我有他这中大来上个国到说们为子和你地出也时要就可以您好请谢，。！？、：；（）“”对会年月日发生能下过那用于天单号订产品件信收公司回复"),
        Row(950, "的一是不了在人我有他這中大來上個國到說們為子和你地出也時要就可以您好請謝，。！？、：；（）「」對會年月日發生能下過那用於天單號訂產品件信收公司回覆"),
        Row(949, "이다는을에의하고니까요습지로가있사시기안은도한를서어해주자인그녕세제수드리문일전오나감부아라과대스보정"),
    ];

    /// <returns>Null when it looks western, or like nothing that we know.</returns>
    /// <param name="isSure">Another charset was declared: then only a clear answer counts.</param>
    public static string? Read(ReadOnlySpan<byte> bytes, bool isSure = false)
    {
        ReadOnlySpan<byte> looked = bytes[..Math.Min(bytes.Length, Looked)];
        if (AverageRun(looked) < WesternRun) return null;
        Encoding? best = null;
        double most = isSure ? Certain : Enough;
        foreach (var (charset, usual) in Rows)
        {
            double share = Share(charset.GetString(looked), usual);
            if (share > most) (best, most) = (charset, share);
        }
        return best?.GetString(bytes);
    }

    private static double AverageRun(ReadOnlySpan<byte> bytes)
    {
        int runs = 0, high = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80) continue;
            high++;
            if (i == 0 || bytes[i - 1] < 0x80) runs++;
        }
        return runs == 0 ? 0 : (double)high / runs;
    }

    private static double Share(string text, HashSet<char> usual)
    {
        int above = 0, known = 0, broken = 0;
        foreach (char c in text)
        {
            if (c < 0x80) continue;
            above++;
            if (usual.Contains(c)) known++;
            else if (c is '\ufffd' or '\u30fb' or < '\u00a0' or (>= '\ue000' and <= '\uf8ff')) broken++; // 932 reads a broken pair as a middle dot
        }
        return above == 0 || broken > Math.Max(1, above * MostBroken) ? 0 : (double)known / above;
    }

    private static (Encoding Charset, HashSet<char> Usual) Row(int page, string usual) => (Encoding.GetEncoding(page), [.. usual]);
}
