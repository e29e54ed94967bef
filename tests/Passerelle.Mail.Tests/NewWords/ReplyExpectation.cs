using System.Text.Json;
using System.Text.RegularExpressions;

namespace Passerelle.Mail.Tests.NewWords;

/// <summary>What a reply parser's own test says about one mail: <c>equals</c>, <c>contains</c>, <c>startsWith</c>, <c>endsWith</c>,
/// <c>matches</c>, <c>notContains</c>; compared with LF, without white space at both ends and at line ends.</summary>
internal static class ReplyExpectation
{
    /// <summary>The library's visible reply: <c>reply</c>, else <c>firstFragment</c>, else <c>replyWithoutSignature</c>. (Where a
    /// library has both, it has the closing words "Kind regards, Ann" in the first: they are the person's, so we keep them.)</summary>
    public static JsonElement? Of(JsonElement expect)
    {
        if (expect.ValueKind is not JsonValueKind.Object) return null;
        foreach (string name in new[] { "reply", "firstFragment", "replyWithoutSignature" })
        {
            if (expect.TryGetProperty(name, out JsonElement wanted) && wanted.ValueKind is JsonValueKind.Object) return wanted;
        }
        return null;
    }

    public static bool IsMet(JsonElement wanted, string reply)
    {
        reply = Tidy(reply);
        return wanted.EnumerateObject().All(one => one.Name switch
        {
            "equals" => Tidy(one.Value.GetString()!) == reply, // the corpora's form
            "contains" => Texts(one.Value).All(text => reply.Contains(text, StringComparison.Ordinal)),
            "notContains" => !Texts(one.Value).Any(text => reply.Contains(text, StringComparison.Ordinal)),
            "startsWith" => Texts(one.Value).All(text => reply.StartsWith(text, StringComparison.Ordinal)),
            "endsWith" => Texts(one.Value).All(text => reply.EndsWith(text, StringComparison.Ordinal)),
            "matches" => Texts(one.Value).All(pattern => Regex.IsMatch(reply, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))),
            _ => throw new InvalidOperationException($"unknown expectation {one.Name}"),
        });
    }

    /// <summary>Every word that the library shows as the person's is in our reply, in its order.</summary>
    public static bool KeepsWords(JsonElement wanted, string reply) => wanted.EnumerateObject().All(one => one.Name switch
    {
        "equals" or "contains" or "startsWith" or "endsWith" => Texts(one.Value).All(text => KeepsWords(text, reply)),
        "matches" => Texts(one.Value).All(pattern => Regex.IsMatch(reply, pattern.TrimStart('^'), RegexOptions.None, TimeSpan.FromSeconds(1))),
        _ => true,
    });

    public static bool KeepsWords(string own, string reply)
    {
        string[] words = Words(reply);
        int at = 0;
        foreach (string word in Words(own))
        {
            at = Array.IndexOf(words, word, at) + 1;
            if (at == 0) return false;
        }
        return true;
    }

    public static string[] Words(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.TrimEnd(',', '.', ';', ':', '!', '?')).Where(word => word.Length > 0)];

    public static string Tidy(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim();

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind is JsonValueKind.Array
        ? value.EnumerateArray().Select(text => Tidy(text.GetString()!)) // the corpora's form
        : [Tidy(value.GetString()!)];
}
