using System.Text;
using System.Text.RegularExpressions;

namespace Passerelle.Mail.Bodies;

/// <summary>The charset of bytes that declare none, or one that they are not in. A language is known by the signs that it uses most: whichever
/// charset makes the most of the bytes into those is the right one. Latin letters with accents are told apart first, because they stand alone:
/// they are western unless another charset makes all of them into letters of one language.</summary>
internal static partial class GuessedCharset
{
    /// <summary>Bytes above ASCII in a row, on average: an accent stands alone, other scripts come in words.</summary>
    private const double WesternRun = 1.8;

    /// <summary>Bytes that are looked at; a language shows itself early.</summary>
    private const int Looked = 20_000;

    /// <summary>Characters that do not exist in the charset, of all: a text may be cut in the middle of one.</summary>
    private const double MostBroken = 0.03;

    /// <summary>Of the signs above ASCII, those that the language uses most.</summary>
    private const double Enough = 0.16, Certain = 0.35;

    /// <summary>Letters with accents, of all, that have to be of the language; and by how much more than of any western one.</summary>
    private const double NearlyAll = 0.95, Clearer = 0.12, MuchClearer = 0.3;
    private const int FewLetters = 4;

    /// <summary>Bytes above ASCII that are too few to tell by their average.</summary>
    private const int FewBytes = 12;

    /// <summary>WHATWG's "index-windows-1252": who says Latin-1 means this.</summary>
    public static Encoding Western { get; } = Encoding.GetEncoding(1252);

    private const string Russian = "оеаинтсрвлкмдпуяыьгзбчйхж";
    private const string Japanese = "のにはをたがでてとしれさいるもなすまりくあよおかっこそだけんうきせちつねみめやらわろえ、。ーンスルトイラリクアドッタ";

    /// <summary>French, German, Spanish, Portuguese, Italian, Catalan, Swedish, Danish, Dutch.</summary>
    private static readonly string[] WesternLetters = ["éèàùâêîôûëïüçœ", "äöüß", "áéíóúüñ¿¡ºª", "ãõçáéíóúâêôàºª", "èéàìòù", "àèéíïòóúüç·", "åäöé", "æøåé", "ëïéèóöüá"];

    /// <summary>Polish, Czech, Slovak, Hungarian, Romanian, Croatian.</summary>
    private static readonly string[] CentralLetters = ["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", HungarianLetters, "ăâîşţ", "čćđšž"];
    private const string HungarianLetters = "áéíóöőúüű";
    private static readonly Encoding Central = Encoding.GetEncoding(1250);

    private static readonly (Encoding Charset, string[] Letters)[] OtherLatin =
    [
        (Central, CentralLetters), (Encoding.GetEncoding(28592), CentralLetters),
        (Encoding.GetEncoding(1254), ["çğıİöşüâî"]), (Encoding.GetEncoding(1257), ["ąčęėįšųūž", "āčēģīķļņšūž"]),
    ];

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
        if (AverageRun(looked) < WesternRun) return Latin(looked, isSure)?.GetString(bytes);
        if (IsMixed(looked)) return null;
        Encoding? best = null;
        double most = isSure ? Certain : Enough;
        foreach (var (charset, usual) in Rows)
        {
            double share = Share(charset.GetString(looked), usual);
            if (share > most) (best, most) = (charset, share);
        }
        return best?.GetString(bytes);
    }

    /// <summary>"Größe": where there are few, an accent stands within a word of ASCII letters, other scripts write whole words.</summary>
    private static bool IsMixed(ReadOnlySpan<byte> bytes)
    {
        int runs = 0, touching = 0, high = 0;
        for (int i = 0; i < bytes.Length && high < FewBytes; i++)
        {
            if (bytes[i] < 0x80) continue;
            int from = i;
            while (i < bytes.Length && bytes[i] >= 0x80) (i, high) = (i + 1, high + 1);
            runs++;
            if ((from > 0 && char.IsAsciiLetter((char)bytes[from - 1])) || (i < bytes.Length && char.IsAsciiLetter((char)bytes[i]))) touching++;
        }
        return high < FewBytes && touching * 2 > runs;
    }

    /// <returns>Null when western is as good.</returns>
    private static Encoding? Latin(ReadOnlySpan<byte> looked, bool isSure)
    {
        double western = Letters(Western.GetString(looked), WesternLetters) + (isSure ? MuchClearer : Clearer);
        Encoding? best = null;
        double most = Math.Max(NearlyAll, western);
        foreach (var (charset, letters) in OtherLatin)
        {
            double share = Letters(charset.GetString(looked), letters);
            if (share > most) (best, most) = (charset, share);
        }
        return best ?? (IsHungarian(Central.GetString(looked)) ? Central : null);
    }

    /// <summary>Its ő and ű stand where Portuguese, Estonian and French have õ and û, and all its other letters are western too: its words tell.</summary>
    private static bool IsHungarian(string text) =>
        Letters(text, [HungarianLetters]) >= NearlyAll && text.AsSpan().IndexOfAny("őűŐŰ") >= 0 && HungarianWords().IsMatch(text);

    /// <returns>Of all signs above ASCII that are no punctuation, the share that the likeliest language has as letters; 0 of too few.</returns>
    private static double Letters(string text, string[] languages)
    {
        string above = string.Concat(text.Where(c => c >= 0x80 && !"\u00a0„“”‘’«»–—…€°§©®".Contains(c))).ToLowerInvariant();
        return above.Length < FewLetters ? 0 : languages.Max(language => (double)above.Count(language.Contains) / above.Length);
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

    [GeneratedRegex(@"\b(?:az|egy|hogy|és|jó|szép|tisztelt|kedves|köszön\p{L}*|szeretn\p{L}*|üdvözlettel)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex HungarianWords();
}
