using System.Text.Json;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Identity;

/// <summary>Project Wycheproof's signatures and RFC 7520's, judged by the reader that stands behind SMTP, IMAP, Graph and the
/// client assertions. It knows RS256 and PS256: what is signed otherwise is refused, however right it is.</summary>
public sealed class CompactJwsTests
{
    [Fact]
    public void Every_Wycheproof_case_is_judged_right()
    {
        using var file = JsonDocument.Parse(Corpora.Read("jose-wycheproof/json_web_signature_test.json"));
        var judged = 0;
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
                Assert.True(expected == is256, $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {is256}");
                judged++;
                if (is256) accepted++;
            }
        }

        Assert.Equal(401, judged);
        Assert.InRange(accepted, 10, 300);
    }

    [Theory]
    [InlineData("jose-cookbook/jws/4_1.rsa_v15_signature.json", "RS256")]
    [InlineData("jose-cookbook/jws/4_3.ecdsa_signature.json", null)]
    [InlineData("jose-cookbook/jws/4_2.rsa-pss_signature.json", null)] // PS384
    [InlineData("jose-cookbook/jws/4_4.hmac-sha2_integrity_protection.json", null)]
    public void The_cookbook_s_signatures_are_read(string path, string? algorithm)
    {
        using var file = JsonDocument.Parse(Corpora.Read(path));
        var token = file.RootElement.GetProperty("output").GetProperty("compact").GetString() ?? "";
        JsonElement key = file.RootElement.GetProperty("input").GetProperty("key");
        Assert.Equal(algorithm is not null, CompactJws.Parse(token) is { } jws && JsonWebKeys.Signs(key, jws));
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
