namespace Passerelle.Dev.Run;

/// <summary>A page of the documentation, part of which is written by a command: what stands between two marks that carry its name.</summary>
internal static class MarkedPage
{
    /// <exception cref="InvalidDataException">The page has not both marks.</exception>
    public static void Write(string file, string name, string text)
    {
        var (first, last) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var page = File.ReadAllText(file);
        var (begin, end) = (page.IndexOf(first, StringComparison.Ordinal), page.IndexOf(last, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new InvalidDataException($"{file} needs the lines {first} and {last}: the table is written between them");
        File.WriteAllText(file, $"{page[..(begin + first.Length)]}\n{text}\n{page[end..]}");
    }
}
