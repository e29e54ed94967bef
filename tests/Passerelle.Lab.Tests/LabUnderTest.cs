using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests;

[assembly: AssemblyFixture(typeof(LabUnderTest))]

namespace Passerelle.Lab.Tests;

/// <summary>One host for all identity tests; each test takes a lab of its own in it.</summary>
public sealed class LabUnderTest : IAsyncLifetime
{
    public const string Callback = "https://gateway.example/callback";
    public const string SmtpScope = "openid profile offline_access https://outlook.office.com/SMTP.Send";
    public const string Verifier = "a-verifier-that-is-long-enough-for-rfc-7636-0123";
    private int _labs;
    private Lazy<Task<Graph.GraphLab>>? _reader;

    /// <summary>The host's clock; a new lab's clock shows the same.</summary>
    internal DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    internal LabFixture Fixture { get; private set; } = null!; // xUnit calls InitializeAsync first

    public async ValueTask InitializeAsync() => Fixture = await LabFixture.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();

    internal Task<Contoso> NewLabAsync() =>
        Fixture.ContosoAsync($"t{Interlocked.Increment(ref _labs)}", Callback, TestContext.Current.CancellationToken);

    /// <summary>A lab that nobody changes, with a token that reads its applications.</summary>
    internal Task<Graph.GraphLab> ReaderAsync() => LazyInitializer.EnsureInitialized(
        ref _reader, () => new Lazy<Task<Graph.GraphLab>>(() => Graph.GraphLab.OfAppAsync(this, "Application.Read.All"))).Value;

    /// <summary>A good authorize address; a null value takes a parameter away, any other changes it.</summary>
    internal Uri Authorize(Contoso contoso, params (string Name, string? Value)[] changes) =>
        AuthorizeAt(contoso.DirectoryId.ToString(), contoso, changes);

    internal Uri AuthorizeAt(string segment, Contoso contoso, params (string Name, string? Value)[] changes)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = contoso.ClientId.ToString(),
            ["response_type"] = "code",
            ["redirect_uri"] = Callback,
            ["scope"] = SmtpScope,
            ["state"] = "st/ate+1",
            ["nonce"] = "n-1",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach ((var name, var value) in changes) query[name] = value;
        return new Uri(QueryHelpers.AddQueryString(
            new Uri(Fixture.Endpoints.Https, $"/{segment}/oauth2/v2.0/authorize").ToString(), query.Where(q => q.Value is not null)));
    }

    internal async Task<SignInEnd> SignInAsync(Contoso contoso, params (string Name, string? Value)[] changes)
    {
        using LabBrowser browser = Fixture.Browser();
        return await browser.SignInAsync(Authorize(contoso, changes), contoso.Support, Contoso.Password, TestContext.Current.CancellationToken);
    }

    /// <summary>Signs in, agrees, redeems.</summary>
    internal async Task<JsonElement> GrantAsync(Contoso contoso, string scope = SmtpScope)
    {
        SignInEnd end = await SignInAsync(contoso, ("scope", scope));
        TokenAnswer answer = await RedeemAsync(contoso, end.Field("code")!); // a failed sign-in fails the test here
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    internal Task<TokenAnswer> RedeemAsync(Contoso contoso, string code, params (string Name, string? Value)[] changes) =>
        TokenAsync(contoso, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier),
            ("client_secret", contoso.ClientSecret), .. changes]);

    internal Task<TokenAnswer> RefreshAsync(Contoso contoso, string refreshToken, params (string Name, string? Value)[] changes) =>
        TokenAsync(contoso, [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_secret", contoso.ClientSecret), .. changes]);

    internal Task<TokenAnswer> AppTokenAsync(Contoso contoso, params (string Name, string? Value)[] changes) =>
        TokenAsync(contoso, [("grant_type", "client_credentials"), ("scope", "https://outlook.office365.com/.default"),
            ("client_secret", contoso.ClientSecret), .. changes]);

    /// <summary>The same, proved by a signed statement instead of the secret.</summary>
    internal Task<TokenAnswer> AssertedTokenAsync(Contoso contoso, string assertion, params (string Name, string? Value)[] changes) => AppTokenAsync(contoso,
        [("client_secret", null), ("client_assertion", assertion),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), .. changes]);

    internal Task AddCertificateAsync(Contoso contoso, string pem) => Fixture.Control.SendAsync(
        HttpMethod.Post, $"directories/{contoso.DirectoryId}/apps/{contoso.ClientId}/certificates", new { displayName = "c", certificate = pem },
        TestContext.Current.CancellationToken);

    /// <returns>What the device is told: its code, the person's code, where to go.</returns>
    internal async Task<JsonElement> DeviceAsync(Contoso contoso)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = contoso.ClientId.ToString(),
            ["scope"] = SmtpScope,
        });
        using HttpResponseMessage answer = await Fixture.Http.PostAsync($"/{contoso.DirectoryId}/oauth2/v2.0/devicecode", form, cancel);
        Assert.True(answer.IsSuccessStatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Posts a form; of two values for one name the last counts, and null takes it away.</summary>
    internal Task<TokenAnswer> TokenAsync(Contoso contoso, params (string Name, string? Value)[] fields) =>
        TokenAtAsync(contoso.DirectoryId.ToString(), null, [("client_id", contoso.ClientId.ToString()), .. fields]);

    internal async Task<TokenAnswer> TokenAtAsync(string segment, AuthenticationHeaderValue? authorization, params (string Name, string? Value)[] fields)
    {
        var form = new Dictionary<string, string?>();
        foreach ((var name, var value) in fields) form[name] = value;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{segment}/oauth2/v2.0/token")
        {
            Content = new FormUrlEncodedContent(form.Where(f => f.Value is not null)),
        };
        request.Headers.Authorization = authorization;
        request.Headers.Add("client-request-id", "0193a000-0000-7000-8000-000000000001");
        using HttpResponseMessage answer = await Fixture.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new TokenAnswer((int)answer.StatusCode,
            JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Replaces the directory's conditional access by one policy.</summary>
    internal Task PolicyAsync(Contoso contoso, string demand, int hours = 0) => Fixture.Control.SendAsync(
        HttpMethod.Put, $"directories/{contoso.DirectoryId}/access-policies", new { policies = new[] { new { name = demand, demand, hours } } },
        TestContext.Current.CancellationToken);

    /// <summary>PATCH of the directory, of a user's sign-in or of the application.</summary>
    internal Task SetAsync(Contoso contoso, string path, object order) => Fixture.Control.SendAsync(
        HttpMethod.Patch, $"directories/{contoso.DirectoryId}{path}", order, TestContext.Current.CancellationToken);

    internal static JsonWebToken Read(JsonElement answer, string name = "access_token") =>
        new(answer.GetProperty(name).GetString());
}

internal sealed record TokenAnswer(int Status, JsonElement Body)
{
    public string Text(string name) => Body.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    /// <summary>Status, number and <c>error</c> at once: what facts §2 lists.</summary>
    public void IsRefused(int status, int code, string error)
    {
        Assert.Equal((status, $"[{code}]", error), (Status, Text("error_codes"), Text("error")));
        Assert.StartsWith($"AADSTS{code}: ", Text("error_description"), StringComparison.Ordinal);
        Assert.Matches(@"Trace ID: [0-9a-f-]{36} Correlation ID: [0-9a-f-]{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$", Text("error_description"));
        Assert.Equal("0193a000-0000-7000-8000-000000000001", Text("correlation_id"));
    }
}
