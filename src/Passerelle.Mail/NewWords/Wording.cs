using System.Collections.Frozen;
using System.Text.Json;

namespace Passerelle.Mail.NewWords;

/// <summary>The words that mail programs of all languages put around a reply: <c>wording.json</c>, a row per language. A new
/// language is a new row, not new code.</summary>
internal sealed class Wording
{
    public static Wording All { get; } = Load();

    /// <summary>"From", "Von", "发件人": label of a copied header, folded, to what it labels.</summary>
    public required FrozenDictionary<string, Label> Labels { get; init; }

    /// <summary>"On", "Le", "Am": how an introduction may begin.</summary>
    public required IReadOnlyList<string> Beginnings { get; init; }

    /// <summary>"wrote", "a écrit", "写道": how it ends.</summary>
    public required IReadOnlyList<string> Wrote { get; init; }

    /// <summary>"schrieb", "schreef": verbs that stand before the name.</summary>
    public required IReadOnlyList<string> WroteBefore { get; init; }

    /// <summary>"Quoting", "Zitat von": how an introduction without a date begins.</summary>
    public required IReadOnlyList<string> Quoting { get; init; }

    /// <summary>Words beside the verb by which a person speaks of himself: then it introduces nothing.</summary>
    public required FrozenSet<string> FirstPerson { get; init; }

    public required FrozenSet<string> Originals { get; init; }
    public required IReadOnlyList<string> SentFrom { get; init; }
    public required IReadOnlyList<string> SentEnd { get; init; }
    public required FrozenSet<string> Devices { get; init; }
    public required IReadOnlyList<string> Apologies { get; init; }

    /// <summary>One of these stands in every notice of <see cref="Confidential"/> phrases.</summary>
    public required IReadOnlyList<string> Confidences { get; init; }
    public required FrozenSet<string> Closings { get; init; }

    /// <summary>Phrases per language: two of one language make a disclaimer.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Confidential { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Outside { get; init; }
    public required HtmlNames Html { get; init; }

    /// <summary>Most characters of a label.</summary>
    public int LongestLabel { get; private init; }

    private static Wording Load()
    {
        using Stream data = typeof(Wording).Assembly.GetManifestResourceStream("Passerelle.Mail.NewWords.wording.json")
            ?? throw new InvalidOperationException("wording.json is not in the assembly");
        return Of(JsonSerializer.Deserialize<WordingFile>(data, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("wording.json is empty"));
    }

    private static Wording Of(WordingFile file)
    {
        var labels = new Dictionary<string, Label>(StringComparer.Ordinal);
        foreach (LanguageRow row in file.Languages.Values) Add(labels, row);
        return new Wording
        {
            Labels = labels.ToFrozenDictionary(StringComparer.Ordinal),
            LongestLabel = labels.Keys.Max(label => label.Length),
            Beginnings = Longest(file, row => row.Begin),
            Wrote = Longest(file, row => row.Wrote),
            WroteBefore = Longest(file, row => row.WroteBefore),
            Quoting = [.. file.Quoting.Select(Folding.Of)],
            FirstPerson = Longest(file, row => row.I).ToFrozenSet(StringComparer.Ordinal),
            Originals = Longest(file, row => row.Original).ToFrozenSet(StringComparer.Ordinal),
            SentFrom = Longest(file, row => row.SentFrom),
            SentEnd = Longest(file, row => row.SentEnd),
            Devices = file.Devices.Select(Folding.Of).ToFrozenSet(StringComparer.Ordinal),
            Apologies = [.. file.Apologies.Select(Folding.Of)],
            Confidences = [.. file.Confidences.Select(Folding.Of)],
            Closings = Longest(file, row => row.Closing).ToFrozenSet(StringComparer.Ordinal),
            Confidential = PerLanguage(file, row => row.Confidential),
            Outside = PerLanguage(file, row => row.Outside),
            Html = file.Html,
        };
    }

    private static void Add(Dictionary<string, Label> labels, LanguageRow row)
    {
        foreach (var (words, label) in new[]
        {
            (row.From, Label.From), (row.Date, Label.Date), (row.To, Label.To), (row.Cc, Label.Cc),
            (row.Subject, Label.Subject), (row.ReplyTo, Label.ReplyTo), (row.Other, Label.Other),
        })
        {
            foreach (string word in words) labels.TryAdd(Folding.Of(word), label);
        }
    }

    /// <summary>Longest first, so that "het volgende geschreven" is found before "geschreven".</summary>
    private static IReadOnlyList<string> Longest(WordingFile file, Func<LanguageRow, string[]> words) =>
        [.. file.Languages.Values.SelectMany(words).Select(Folding.Of).Distinct(StringComparer.Ordinal).OrderByDescending(word => word.Length)];

    private static IReadOnlyList<IReadOnlyList<string>> PerLanguage(WordingFile file, Func<LanguageRow, string[]> words) =>
        [.. file.Languages.Values.Select(row => (IReadOnlyList<string>)[.. words(row).Select(Folding.Of)]).Where(row => row.Count > 0)];

    private sealed record WordingFile(
        Dictionary<string, LanguageRow> Languages, string[] Devices, string[] Confidences, string[] Apologies, string[] Quoting, HtmlNames Html);

    private sealed record LanguageRow(
        string[] Begin, string[] Wrote, string[] WroteBefore, string[] I, string[] From, string[] Date, string[] To, string[] Cc,
        string[] Subject, string[] ReplyTo, string[] Other, string[] Original, string[] SentFrom, string[] SentEnd, string[] Closing,
        string[] Confidential, string[] Outside);
}

/// <summary>Ids and classes by which mail programs mark the parts of their HTML; lower case.</summary>
internal sealed record HtmlNames(string[] Quotes, string[] QuoteEverythingAfter, string[] Introductions, string[] Signatures);

internal enum Label { From, Date, To, Cc, Subject, ReplyTo, Other }
