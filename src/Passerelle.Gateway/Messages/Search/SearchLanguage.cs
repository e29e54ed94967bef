using System.Globalization;
using System.Text;

namespace Passerelle.Gateway.Messages.Search;

/// <summary>An order in the language of either index. What was typed is only ever words between quotation marks: letters, digits and marks.</summary>
internal static class SearchLanguage
{
    /// <summary>For FTS5's MATCH (sqlite.org/fts5.html §3). The organisation stands first and always.</summary>
    public static string ForSqlite(Guid organisationId, SearchOrder order)
    {
        var match = new StringBuilder($"scope : \"{SearchEntry.OfOrganisation(organisationId)}\"");
        if (order.AppId is { } app) match.Append(CultureInfo.InvariantCulture, $" AND scope : \"{SearchEntry.OfApp(app)}\"");
        if (order.Kind.Length > 0) match.Append(CultureInfo.InvariantCulture, $" AND scope : \"{KindOf(order)}\"");
        foreach (var term in order.Query.Terms.Where(term => !term.IsExcluded)) match.Append(" AND ").Append(ForSqlite(term));
        foreach (var term in order.Query.Terms.Where(term => term.IsExcluded)) match.Insert(0, '(').Append(") NOT ").Append(ForSqlite(term));
        return match.ToString();
    }

    private static string ForSqlite(SearchTerm term)
    {
        var place = term.Place switch
        {
            SearchPlace.Sender => "sender",
            SearchPlace.Subject => "subject",
            SearchPlace.Id => "ids",
            _ => "{sender subject ids words}",
        };
        return $"({place} : ({string.Join(" AND ", term.Phrases.Select((phrase, i) => $"\"{string.Join(' ', phrase)}\"{(IsPrefix(term, i) ? " *" : "")}"))}))";
    }

    /// <summary>For a tsquery (postgresql.org, 8.11.2).</summary>
    public static string ForPostgres(Guid organisationId, SearchOrder order)
    {
        List<string> all = [$"'{SearchEntry.OfOrganisation(organisationId)}'"];
        if (order.AppId is { } app) all.Add($"'{SearchEntry.OfApp(app)}'");
        if (order.Kind.Length > 0) all.Add($"'{KindOf(order)}'");
        all.AddRange(order.Query.Terms.Select(ForPostgres));
        return string.Join(" & ", all);
    }

    /// <summary>What of it is about sender and subject alone, and must be there; "" for nothing.</summary>
    public static string HeadsForPostgres(SearchOrder order) => string.Join(
        " & ", order.Query.Terms.Where(term => term is { Place: SearchPlace.Sender or SearchPlace.Subject, IsExcluded: false }).Select(ForPostgres));

    private static string ForPostgres(SearchTerm term)
    {
        var weight = term.Place switch
        {
            SearchPlace.Sender => "A",
            SearchPlace.Subject => "B",
            SearchPlace.Id => "C",
            _ => "",
        };
        var phrases = term.Phrases.Select((phrase, i) => $"({string.Join(" <-> ", phrase.Select((word, j) =>
            $"'{word}'{Marks(weight, IsPrefix(term, i) && j == phrase.Count - 1)}"))})");
        return $"{(term.IsExcluded ? "!" : "")}({string.Join(" & ", phrases)})";
    }

    private static string Marks(string weight, bool isPrefix) => (weight, isPrefix) is ("", false) ? "" : $":{(isPrefix ? "*" : "")}{weight}";

    private static bool IsPrefix(SearchTerm term, int phrase) => term.IsPrefix && phrase == term.Phrases.Count - 1;

    /// <summary>Kinds that nobody has find nothing, whatever was typed there.</summary>
    private static string KindOf(SearchOrder order) => SearchEntry.OfKind(SearchOrder.Kinds.Contains(order.Kind) ? order.Kind : "none");

    /// <summary>The words as a tsvector: sender A, subject B, Message-IDs C, all else D; each column far from the next, so that no phrase spans two.</summary>
    public static string Vector(SearchEntry entry)
    {
        var vector = new StringBuilder();
        foreach (var word in Split(entry.Scope)) vector.Append(CultureInfo.InvariantCulture, $"'{word}' ");
        Append(vector, entry.Sender, 1, "A");
        Append(vector, entry.Subject, 500, "B");
        Append(vector, entry.Ids, 1000, "C");
        Append(vector, entry.Words, 1500, "");
        return vector.ToString();
    }

    private static void Append(StringBuilder vector, string words, int position, string weight)
    {
        foreach (var word in Split(words)) vector.Append(CultureInfo.InvariantCulture, $"'{word}':{position++}{weight} ");
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
