using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Admin;

/// <summary>Runs cmdlets as the PowerShell module does: by InvokeCommand, with a token of the lab.</summary>
internal sealed class AdminShell(LabUnderTest lab, MailFlowLab flow, string token)
{
    public const string Scope = "https://outlook.office365.com/Exchange.Manage";

    public MailFlowLab Flow => flow;
    public Contoso Contoso => flow.Contoso;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An administrator who signed in.</summary>
    public static async Task<AdminShell> OpenAsync(LabUnderTest lab)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        return new AdminShell(lab, flow, await PersonTokenAsync(lab, flow.Contoso, flow.Contoso.Administrator, Scope));
    }

    public static async Task<string> PersonTokenAsync(LabUnderTest lab, Contoso contoso, string login, string scope)
    {
        await lab.Fixture.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId,
            [(LabControl.Exchange, scope[(scope.LastIndexOf('/') + 1)..], "delegated")], Cancel);
        await lab.Fixture.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd end = await browser.SignInAsync(lab.Authorize(contoso, ("scope", scope)), login, Contoso.Password, Cancel);
        return (await lab.RedeemAsync(contoso, end.Field("code")!)).Text("access_token"); // a failed sign-in fails the test here
    }

    /// <summary>An application with a granted role and Entra roles.</summary>
    public static async Task<AdminShell> OfAppAsync(LabUnderTest lab, string? permission, string[] directoryRoles)
    {
        var flow = await MailFlowLab.NewAsync(lab);
        var contoso = flow.Contoso;
        if (permission is not null)
            await flow.Control.SetPermissionsAsync(contoso.DirectoryId, contoso.ClientId, [(LabControl.Exchange, permission, "application")], Cancel);
        await flow.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        await flow.Flow.SetDirectoryRolesAsync(contoso.ClientId, directoryRoles, Cancel);
        return new AdminShell(lab, flow, (await lab.AppTokenAsync(contoso)).Text("access_token"));
    }

    /// <returns>The objects that the cmdlet prints; fails the test when it is refused.</returns>
    public async Task<JsonElement[]> RunAsync(string cmdlet, object? parameters = null)
    {
        var (status, body, _) = await SendAsync(cmdlet, parameters);
        Assert.True(status == 200, body.ToString());
        return [.. body.GetProperty("value").EnumerateArray()];
    }

    public async Task<JsonElement> OneAsync(string cmdlet, object? parameters = null) => Assert.Single(await RunAsync(cmdlet, parameters));

    public Task<(int Status, JsonElement Body, HttpResponseHeaders Headers)> SendAsync(
        string cmdlet, object? parameters = null, string? path = null, string? prefer = null) =>
        SendAsync(HttpMethod.Post, path ?? $"/adminapi/beta/{Contoso.DirectoryId}/InvokeCommand",
            new { CmdletInput = new { CmdletName = cmdlet, Parameters = parameters ?? new { } } }, prefer);

    public Task<(int Status, JsonElement Body, HttpResponseHeaders Headers)> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    private async Task<(int Status, JsonElement Body, HttpResponseHeaders Headers)> SendAsync(HttpMethod verb, string path, object? body, string? prefer)
    {
        using var request = new HttpRequestMessage(verb, path)
        {
            Content = body is null ? null : JsonContent.Create(body, options: new JsonSerializerOptions()),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("X-AnchorMailbox", $"UPN:{Contoso.Administrator}");
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        using HttpResponseMessage answer = await lab.Fixture.Http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), answer.Headers);
    }
}
