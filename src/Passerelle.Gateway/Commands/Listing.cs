using Spectre.Console;

namespace Passerelle.Gateway.Commands;

/// <summary>Rows for people: a table on a terminal, tab-separated lines everywhere else.</summary>
internal static class Listing
{
    public static async Task WriteAsync(TextWriter output, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (output != Console.Out || Console.IsOutputRedirected)
        {
            foreach (var row in rows.Prepend(heads)) await output.WriteLineAsync(string.Join('\t', row.Select(OneCell)));
            return;
        }
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var head in heads) table.AddColumn(new TableColumn(new Text(head, new Style(decoration: Decoration.Bold))));
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(OneCell(cell))));
        AnsiConsole.Write(table);
    }

    /// <summary>Words of the other side may hold anything; a cell is one line without control characters.</summary>
    private static string OneCell(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
