using System.Globalization;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Portal;

/// <summary>
/// Owners and fixes are fixed English sentences made far below the pages; here they find their translation by themselves.
/// What the other side said is never translated.
/// </summary>
internal static class Sentences
{
    /// <returns>The sentence in the reader's language with what it tells.</returns>
    public static string In(Phrase phrase) => string.Format(CultureInfo.CurrentCulture, In(phrase.English), phrase.Values);

    /// <summary>What to do, with its values where they stand apart.</summary>
    public static string FixOf(Finding finding) => finding.How is { } how ? In(how) : In(finding.Fix);

    /// <returns>The sentence in the reader's language; as it is where it is English or has no translation.</returns>
    public static string In(string sentence) => Translate(sentence, CultureInfo.CurrentUICulture);

    /// <inheritdoc cref="In(string)"/>
    public static string Translate(string sentence, CultureInfo language) => PhraseWords.In(sentence, language);
}
