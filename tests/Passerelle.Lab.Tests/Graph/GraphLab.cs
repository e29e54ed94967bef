using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Calls Graph of one lab with a token of it, as any program does.</summary>
internal sealed class GraphLab(LabUnderTest lab, Contoso contoso, string token)
{
    public const string Scope = "https://graph.microsoft.com/";

    public Contoso Contoso => contoso;
    public string Token => token;
    public LabUnderTest Lab => lab;
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An application with these Graph roles.</summary>
    public static async Task<GraphLab> OfAppAsync(LabUnderTest lab, params string[] roles)
    {
        Contoso contoso = await lab.NewLabAsync();
        return new GraphLab(lab, contoso, await AppTokenAsync(lab, contoso, roles));
    }

    /// <summary>A person who signed in with these delegated permissions; an administrator agreed to them.</summary>
    /// <param name="login">Null is support@.</param>
    public static async Task<GraphLab> OfPersonAsync(LabUnderTest lab, string? login, params string[] scopes)
    {
        Contoso contoso = await lab.NewLabAsync();
        return new GraphLab(lab, contoso, await PersonTokenAsync(lab, contoso, login is null ? contoso.Support : $"{login}@{contoso.Domain}", scopes));
    }

    public static async Task<string> AppTokenAsync(LabUnderTest lab, Contoso contoso, params string[] roles)
    {
        await ConsentAsync(lab, contoso, "application", roles);
        return (await lab.AppTokenAsync(contoso, ("scope", Scope + ".default"))).Text("access_token");
    }

    public static async Task<string> PersonTokenAsync(LabUnderTest lab, Contoso contoso, string login, params string[] scopes)
    {
        await ConsentAsync(lab, contoso, "delegated", scopes);
        using LabBrowser browser = lab.Fixture.Browser();
        var scope = string.Join(' ', scopes.Select(name => Scope + name));
        SignInEnd end = await browser.SignInAsync(lab.Authorize(contoso, ("scope", scope)), login, Contoso.Password, Cancel);
        return (await lab.RedeemAsync(contoso, end.Field("code")!)).Text("access_token"); // a failed sign-in fails the test here
    }

    /// <summary>The same lab with another token.</summary>
    public GraphLab With(string other) => new(lab, contoso, other);

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body is null ? null : Json(body));

    public Task<Answer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, Json(body));

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<Answer> SendAsync(HttpMethod verb, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(verb, path.StartsWith('/') ? "/v1.0" + path : path) { Content = content };
        if (token.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await lab.Fixture.Http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        var isJson = answer.Content.Headers.ContentType?.MediaType == "application/json";
        return new Answer((int)answer.StatusCode, isJson ? JsonSerializer.Deserialize<JsonElement>(text) : default, text, answer.Headers);
    }

    private static async Task ConsentAsync(LabUnderTest lab, Contoso contoso, string kind, string[] names)
    {
        await lab.Fixture.Control.SetPermissionsAsync(
            contoso.DirectoryId, contoso.ClientId, names.Select(name => (LabControl.Graph, name, kind)), Cancel);
        await lab.Fixture.Control.GrantAdminConsentAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
    }

    private static JsonContent Json(object body) => JsonContent.Create(body, body.GetType(), options: new JsonSerializerOptions());
}

/// <param name="Body">Undefined when the answer is no JSON.</param>
internal sealed record Answer(int Status, JsonElement Body, string Text, HttpResponseHeaders Headers)
{
    public string Get(string name) => Body.GetProperty(name).ToString();

    public JsonElement[] Value => [.. Body.GetProperty("value").EnumerateArray()];

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"{Status} {Text}");
        return this;
    }

    /// <summary>Status, code and message at once, in the shape of facts §4.2.</summary>
    public void IsRefused(int status, string code, string message)
    {
        Is(status);
        JsonElement error = Body.GetProperty("error");
        Assert.Equal((code, message), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        JsonElement inner = error.GetProperty("innerError");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$", inner.GetProperty("date").GetString());
        Assert.Equal(Assert.Single(Headers.GetValues("request-id")), inner.GetProperty("request-id").GetString());
        Assert.Equal(Assert.Single(Headers.GetValues("client-request-id")), inner.GetProperty("client-request-id").GetString());
    }
}
