using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Tests.Sending;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>What a token request says to prove the client: one of the ways, never two.</summary>
public sealed class ClientProofsTests
{
    [Fact]
    public async Task A_certificate_signs_a_statement_of_its_own_for_each_request()
    {
        await using var rig = await ExpiringAsync();
        var certificate = await MakeAsync(rig);
        await rig.SetAsync("proof = 'certificate'");
        await rig.Tokens.RenewAsync(await rig.AppAsync(), TempStore.Cancel);
        await rig.Tokens.RenewAsync(await rig.AppAsync(), TempStore.Cancel);

        var asked = rig.Authority.Asked.ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(asked, fields => Assert.DoesNotContain("client_secret", fields.Keys));
        Assert.All(asked, fields => Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", fields["client_assertion_type"]));
        var parts = asked[0]["client_assertion"].Split('.');
        using var open = X509Certificate2.CreateFromPem(certificate.PublicPart);
        using var rsa = open.GetRSAPublicKey()!; // made as RSA
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        var header = JsonSerializer.Deserialize<JsonElement>(WebEncoders.Base64UrlDecode(parts[0]));
        Assert.Equal("PS256", header.GetProperty("alg").GetString());
        Assert.Equal(WebEncoders.Base64UrlEncode(SHA256.HashData(open.RawData)), header.GetProperty("x5t#S256").GetString());
        var claims = JsonSerializer.Deserialize<JsonElement>(WebEncoders.Base64UrlDecode(parts[1]));
        var client = (await rig.AppAsync()).ClientId;
        Assert.Equal((client, client), (claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString()));
        Assert.Equal($"{rig.Authority.Url}/oauth2/v2.0/token", claims.GetProperty("aud").GetString());
        Assert.Equal(rig.Office.Temp.Time.GetUtcNow().ToUnixTimeSeconds() + 600, claims.GetProperty("exp").GetInt64());
        Assert.NotEqual(asked[0]["client_assertion"], asked[1]["client_assertion"]);
    }

    [Fact]
    public async Task A_certificate_that_is_not_there_is_named_and_nobody_is_asked()
    {
        await using var rig = await ExpiringAsync();
        await rig.SetAsync("proof = 'certificate'");
        var broken = Assert.IsType<TokenAnswer.Broken>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(("certificate", "E4b"), (broken.Finding.Check, broken.Finding.SetupStep));
        Assert.Empty(rig.Authority.Asked);
    }

    [Fact]
    public async Task A_federated_assertion_is_read_from_its_file_at_each_request()
    {
        await using var rig = await ExpiringAsync();
        var file = Path.Combine(rig.Office.Temp.Folder, "token");
        await rig.SetAsync("proof = 'federated', assertion_file = @file", new { file });
        await File.WriteAllTextAsync(file, "aaa.bbb.ccc\n", TempStore.Cancel);
        await rig.Tokens.RenewAsync(await rig.AppAsync(), TempStore.Cancel);
        await File.WriteAllTextAsync(file, "ddd.eee.fff", TempStore.Cancel);
        await rig.Tokens.RenewAsync(await rig.AppAsync(), TempStore.Cancel);
        Assert.Equal(["aaa.bbb.ccc", "ddd.eee.fff"], rig.Authority.Asked.Select(fields => fields["client_assertion"]));
    }

    [Theory]
    [InlineData("absent", "cannot be read")]
    [InlineData("../outside", "in none of the folders")]
    [InlineData("empty", "holds no token")]
    [InlineData("words", "holds no token")]
    [InlineData("long", "too long")]
    [InlineData("folder", "cannot be read")]
    public async Task A_file_that_holds_no_assertion_is_named_and_never_sent(string name, string words)
    {
        await using var rig = await ExpiringAsync();
        var folder = rig.Office.Temp.Folder;
        await File.WriteAllTextAsync(Path.Combine(folder, "empty"), "", TempStore.Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "words"), "root:x:0:0:root:/root:/bin/sh", TempStore.Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "long"), new string('a', 70_000), TempStore.Cancel);
        Directory.CreateDirectory(Path.Combine(folder, "folder"));
        await rig.SetAsync("proof = 'federated', assertion_file = @file", new { file = Path.Combine(folder, name) });
        var broken = Assert.IsType<TokenAnswer.Broken>(await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal("E4b", broken.Finding.SetupStep);
        Assert.Contains(words, broken.Finding.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", broken.Finding.Detail, StringComparison.Ordinal);
        Assert.Empty(rig.Authority.Asked);
    }

    [Fact]
    public async Task A_public_client_sends_its_id_and_no_proof()
    {
        await using var rig = await ExpiringAsync();
        await rig.SetAsync("proof = 'none', way = 'device-code'");
        await rig.Tokens.GetAsync(await rig.AppAsync(), TempStore.Cancel);
        var asked = Assert.Single(rig.Authority.Asked);
        Assert.Equal((await rig.AppAsync()).ClientId, asked["client_id"]);
        Assert.DoesNotContain(asked.Keys, name => name is "client_secret" or "client_assertion");
    }

    private static async Task<SendingRig> ExpiringAsync()
    {
        var rig = await SendingRig.OpenAsync(withGrant: false);
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "refresh-1");
        return rig;
    }

    private static async Task<ClientCertificate> MakeAsync(SendingRig rig) => Assert.IsType<CertificateOutcome.Kept>(
        await rig.Certificates.MakeAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)).Certificate;
}
