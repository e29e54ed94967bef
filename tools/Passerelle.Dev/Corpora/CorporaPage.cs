using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Corpora;

/// <summary>The table of a page of the documentation, between its two marks.</summary>
internal static class CorporaPage
{
    /// <exception cref="InvalidDataException">The page has not both marks.</exception>
    public static void Write(string file, IReadOnlyList<CorpusRow> rows) =>
        MarkedPage.Write(file, "corpora", Table(rows));

    private static string Table(IEnumerable<CorpusRow> rows) => string.Join('\n',
        rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"| `{row.Folder}` | {row.Field} | {row.Passed} of {row.Total} | {row.Threshold:P0} |"))
            .Prepend("| --- | --- | --- | --- |").Prepend("| corpus | what is counted | right | wanted |"));
}
