using System.Globalization;
using System.Resources;

namespace Passerelle.Gateway.Apps;

/// <summary>A phrase in a language that is asked for; pages ask for the reader's.</summary>
internal static class PhraseWords
{
    private static readonly ResourceManager Translations = new("Passerelle.Gateway.Portal.Sentences", typeof(PhraseWords).Assembly);

    public static string In(Phrase phrase, CultureInfo language) => string.Format(language, In(phrase.English, language), phrase.Values);

    /// <returns>As it is where it is English or has no translation.</returns>
    public static string In(string sentence, CultureInfo language)
    {
        if (sentence.Length == 0) return sentence;
        try
        {
            return Translations.GetString(sentence, language) ?? sentence;
        }
        catch (MissingManifestResourceException)
        {
            return sentence; // English is the sentence itself: it has no resource of its own
        }
    }
}
