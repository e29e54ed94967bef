using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Mail.Verdicts.Dkim;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed partial class ArcSealTests
{
    [Fact, Corpus]
    public void What_is_signed_is_what_the_authors_of_ARC_sign()
    {
        var tally = new Tally("arc-valimail", "sign");
        foreach (JsonElement scenario in Corpora.Json("arc-valimail", "arc-sign-cases.json").EnumerateArray())
        {
            using var key = RSA.Create();
            key.ImportFromPem(Text(scenario, "privatekey"));
            foreach (JsonElement test in scenario.GetProperty("tests").EnumerateArray())
            {
                using var raw = new MemoryStream(Encoding.UTF8.GetBytes(Text(test, "message").ReplaceLineEndings("\r\n")));
                var made = ArcSealing.Seal(raw, key, Text(scenario, "domain"), Text(scenario, "sel"), Text(test, "sig-headers").Split(':'), test.GetProperty("t").GetInt64(), Text(test, "srv-id"));
                JsonElement expect = test.GetProperty("expect");
                bool right = made is null
                    ? Text(expect, "AS").Trim().Length == 0
                    : Same(Text(expect, "AAR"), made.Value.Results) && SameTags(Text(expect, "AMS"), made.Value.Signature) && SameTags(Text(expect, "AS"), made.Value.Seal);
                tally.Count(right, () => $"{Text(test, "name")}: {made}\n  not {expect}");
            }
        }
        tally.Reaches();

        static string Text(JsonElement from, string name) => from.GetProperty(name).GetString() ?? "";
    }

    private static bool Same(string wanted, string made) => Bare(wanted) == Bare(made);

    private static bool SameTags(string wanted, string made) =>
        TagList.Parse(wanted) is { } one && TagList.Parse(made) is { } other
        && new[] { "a", "b", "bh", "c", "cv", "d", "h", "i", "s", "t" }.All(name => one.Folded(name) == other.Folded(name));

    private static string Bare(string text) => WhiteSpace().Replace(text, "");

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
