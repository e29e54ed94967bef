using System.Text.Json;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Project Wycheproof's signatures and RFC 7520's, judged by the reader that stands behind SMTP, IMAP, Graph and the
/// client assertions. It knows RS256 and PS256: what is signed otherwise is refused, however right it is.</summary>
public sealed class CompactJwsTests
{
    [Fact, Corpus]
    public void Every_Wycheproof_case_is_judged_right()
    {
        using var file = JsonDocument.Parse(Corpora.Bytes("jose-wycheproof", "json_web_signature_test.json"));
        var judged = new Tally("jose-wycheproof", "judged right");
        var accepted = 0;
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            JsonElement key = group.TryGetProperty("public", out JsonElement pair) ? pair : group.GetProperty("private");
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                var token = test.GetProperty("jws").GetString() ?? "";
                var ours = CompactJws.Text(key, "kty") == "RSA" && CompactJws.Text(key, "alg") is "RS256" or "PS256"
                    && AlgorithmOf(token) is "RS256" or "PS256";
                var expected = ours && test.GetProperty("result").GetString() == "valid";
                var is256 = CompactJws.Parse(token) is { } jws && JsonWebKeys.Signs(key, jws);
                judged.Count(expected == is256, () => $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {is256}");
                if (is256) accepted++;
            }
        }

        judged.Reaches();
        Assert.InRange(accepted, 10, 300);
    }

    /// <summary>Those of RFC 7520 that are signed as we read it are verified, every other algorithm is refused.</summary>
    [Fact, Corpus]
    public void The_cookbook_s_signatures_are_read()
    {
        var verified = new Tally("jose-cookbook", "verified");
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Corpora.Folder("jose-cookbook"), "jws"), "*.json").Order(StringComparer.Ordinal))
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            if (!file.RootElement.GetProperty("output").TryGetProperty("compact", out JsonElement compact)) continue; // JSON serialisation only
            var token = compact.GetString() ?? "";
            JsonElement key = file.RootElement.GetProperty("input").GetProperty("key");
            var read = CompactJws.Parse(token) is { } jws && JsonWebKeys.Signs(key, jws);
            verified.Count(read == (CompactJws.Text(key, "kty") == "RSA" && AlgorithmOf(token) is "RS256" or "PS256"), () => $"{Path.GetFileName(path)}: {read}");
        }

        verified.Reaches();
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.")]
    [InlineData("e30=.e30.AAAA")]
    [InlineData("e30 .e30.AAAA")]
    [InlineData("e31.e30.AAAA")] // stray bits
    [InlineData("W10.e30.AAAA")] // a list is no header
    [InlineData("eyJhbGciOiJSUzI1NiIsImFsZyI6Im5vbmUifQ.e30.AAAA")] // alg twice
    [InlineData("eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiYjY0Il19.e30.AAAA")] // crit
    [InlineData("e30.e30.AAAA.AAAA.AAAA")]
    public void What_is_not_a_token_is_not_read(string text) => Assert.Null(CompactJws.Parse(text));

    private static string? AlgorithmOf(string token)
    {
        try
        {
            using var header = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]));
            return CompactJws.Text(header.RootElement, "alg");
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return null;
        }
    }
}
