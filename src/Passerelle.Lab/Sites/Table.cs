namespace Passerelle.Lab.Sites;

/// <summary>A table that a narrow screen shows as a list: every cell carries its column's name.</summary>
internal static class Table
{
    /// <summary>Column heads over nothing would puzzle, and a narrow screen has none.</summary>
    /// <param name="empty">Stands there when there is no row.</param>
    public static Html Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Html>> rows, string empty) =>
        rows.ToArray() is { Length: > 0 } known ? Of(columns, known) : Html.Of($"""<p class="quiet">{empty}</p>""");

    /// <param name="rows">Each with one cell per column.</param>
    public static Html Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Html>> rows) => Html.Of($"""
        <table><thead><tr>{Html.Each(columns, column => Html.Of($"""<th scope="col">{column}</th>"""))}</tr></thead>
        <tbody>{Html.Each(rows, row => Html.Of($"<tr>{Html.Each(row.Zip(columns), cell => Html.Of($"""<td data-label="{cell.Second}">{cell.First}</td>"""))}</tr>"))}</tbody></table>
        """);

    public static Html Text(string? text) => Html.Of($"{text}");

    public static Html Code(object? text) => Html.Of($"<code>{text}</code>");

    public static Html Link(string address, string text) => Html.Of($"""<a href="{address}">{text}</a>""");
}
