using System.Net;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

public sealed class InstanceDiscoveryTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("https://login.microsoftonline.com")]
    [InlineData("https://login.microsoftonline.us")]
    [Shows("1.1:instance-discovery", "1.3:host-is-the-authority-host-when", "1.3:Timeout-10-s-no-retry.-MSAL")]
    public async Task MSAL_finds_the_lab_among_the_clouds(string? host)
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement answer = await AskAsync($"{host ?? lab.Fixture.Endpoints.Https.ToString().TrimEnd('/')}/{contoso.DirectoryId}/oauth2/v2.0/authorize");
        Assert.EndsWith($"/{contoso.DirectoryId}/.well-known/openid-configuration", answer.GetProperty("tenant_discovery_endpoint").GetString(), StringComparison.Ordinal);
        Assert.Equal("1.1", answer.GetProperty("api-version").GetString());
        JsonElement[] clouds = [.. answer.GetProperty("metadata").EnumerateArray()];
        Assert.Contains("login.microsoftonline.com", clouds[0].GetProperty("aliases").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal(lab.Fixture.Endpoints.Https.Authority, clouds[0].GetProperty("preferred_network").GetString());
        Assert.Equal(5, clouds.Length);
    }

    [Theory]
    [InlineData("?api-version=1.1&authorization_endpoint=https%3A%2F%2Flogin.other.example%2Fx%2Foauth2%2Fv2.0%2Fauthorize", 50049, "invalid_instance")]
    [InlineData("?api-version=1.1&authorization_endpoint=nonsense", 50050, "invalid_request")]
    [InlineData("?api-version=1.1", 50050, "invalid_request")]
    [InlineData("?authorization_endpoint=https%3A%2F%2Flogin.microsoftonline.com%2Fx%2Foauth2%2Fv2.0%2Fauthorize", 50050, "invalid_request")]
    [Shows("2.1:50049-50050")]
    public async Task A_wrong_instance_is_named(string query, int code, string error)
    {
        using HttpResponseMessage answer = await lab.Fixture.Http.GetAsync("/common/discovery/instance" + query, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(error, body.GetProperty("error").GetString());
        Assert.Equal(code, body.GetProperty("error_codes")[0].GetInt32());
    }

    private async Task<JsonElement> AskAsync(string endpoint) => JsonSerializer.Deserialize<JsonElement>(await lab.Fixture.Http.GetStringAsync(
        "/common/discovery/instance?api-version=1.1&authorization_endpoint=" + Uri.EscapeDataString(endpoint), Cancel));
}
