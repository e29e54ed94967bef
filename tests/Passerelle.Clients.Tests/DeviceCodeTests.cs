using System.Text.Json;
using Microsoft.Identity.Client;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>The device code flow; the libraries poll under different grant names (facts §1.5).</summary>
public sealed class DeviceCodeTests(ClientsLab lab)
{
    [Fact]
    [Shows("1.1:device-code", "1.1:device-login-page", "1.5:urn-ietf-params-oauth-grant-type-device-code-MSA")]
    public async Task MSAL_gets_the_token_of_the_person_who_entered_the_code()
    {
        Contoso contoso = await PublicAsync();
        AuthenticationResult result = await lab.PublicMsal(contoso).AcquireTokenWithDeviceCode(
            SmtpScopes, device => lab.EnterAsync(contoso, new Uri(device.VerificationUrl), device.UserCode)).ExecuteAsync(Cancel);
        Assert.Equal(contoso.Support, result.Account.Username);
        Assert.Contains(SmtpScopes[0], result.Scopes, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    [Shows("1.1:device-code", "1.1:device-login-page", "1.5:urn-ietf-params-oauth-grant-type-device-code-MSA")]
    public async Task Msal_node_gets_the_token_of_the_person_who_entered_the_code()
    {
        Contoso contoso = await PublicAsync();
        await using Script node = Script.Node(lab, contoso, "msal-device.mjs");
        JsonElement device = await node.ReadAsync();
        await lab.EnterAsync(contoso, new Uri(device.GetProperty("page").GetString() ?? ""), device.GetProperty("code").GetString() ?? "");
        Assert.Equal(contoso.Support, (await node.ReadAsync()).GetProperty("username").GetString());
    }

    private async Task<Contoso> PublicAsync()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Control.SetAuthenticationAsync(contoso.DirectoryId, contoso.ClientId, [("web", Callback)], false, false, true, Cancel);
        return contoso;
    }
}
