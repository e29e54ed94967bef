using System.Text.RegularExpressions;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>The tables that belong to an organisation, as the scripts say: they have its column and are not marked global.</summary>
internal static partial class OwnedTables
{
    /// <summary>Name and CREATE TABLE statement.</summary>
    public static IReadOnlyDictionary<string, string> All() =>
        (from Match table in Table().Matches(string.Join('\n', Migrations.Embedded("sqlite").Select(script => script.Sql)))
         where table.Value.Contains("organisation_id", StringComparison.Ordinal) && !table.Groups["remark"].Value.Contains("global", StringComparison.Ordinal)
         select table).ToDictionary(table => table.Groups["name"].Value, table => table.Value);

    /// <summary>True for SQL on an owned table without <c>@organisation</c> and without <c>-- across: reason</c>.</summary>
    public static bool IsUsedUnbound(string text) =>
        Used().Matches(text).Any(use => All().ContainsKey(use.Groups["table"].Value))
        && !text.Contains("@organisation", StringComparison.Ordinal)
        && !text.Contains("-- across: ", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?<table>\w+)\b")]
    private static partial Regex Used();

    [GeneratedRegex(@"CREATE TABLE (?<name>\w+) \((?<remark>[^\n]*)\n.*?^\)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Table();
}
