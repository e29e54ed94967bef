using System.Globalization;

namespace Passerelle.Dev.Corpora;

/// <summary>The table of a page of the documentation, between its two marks.</summary>
internal static class CorporaPage
{
    private const string Begin = "<!-- corpora -->";
    private const string End = "<!-- /corpora -->";

    /// <exception cref="InvalidDataException">The page has not both marks.</exception>
    public static void Write(string file, IReadOnlyList<CorpusRow> rows)
    {
        var page = File.ReadAllText(file);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new InvalidDataException($"{file} needs the lines {Begin} and {End}: the table is written between them");
        File.WriteAllText(file, $"{page[..(begin + Begin.Length)]}\n{Table(rows)}\n{page[end..]}");
    }

    private static string Table(IEnumerable<CorpusRow> rows) => string.Join('\n',
        rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"| `{row.Folder}` | {row.Field} | {row.Passed} of {row.Total} | {row.Threshold:P0} |"))
            .Prepend("| --- | --- | --- | --- |").Prepend("| corpus | what is counted | right | wanted |"));
}
