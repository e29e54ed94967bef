using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>A token endpoint with discovery and keys, in the layout of Entra, that answers as it is told.</summary>
internal sealed class FakeAuthority : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly RSA _rsa = RSA.Create(2048);

    private FakeAuthority(WebApplication web) => _web = web;

    public int Port => new Uri(_web.Urls.First()).Port;
    public string Url => $"http://127.0.0.1:{Port}/directory";
    public string Issuer => $"{Url}/v2.0";

    /// <summary>What was posted to the token endpoint, in order.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Asked { get; } = new();

    /// <summary>Status and body of the next answers.</summary>
    public Func<Dictionary<string, string>, Task<(int Status, object Body)>> Answer { get; set; } =
        _ => Task.FromResult<(int, object)>((200, new { token_type = "Bearer", access_token = "token-2", expires_in = 3600, refresh_token = "refresh-2" }));

    /// <summary>Answers every request to a path that ends so in its own way; null: nothing is strange.</summary>
    public (string Path, Func<HttpContext, Task> Answer)? Strange { get; set; }

    /// <summary>Body of the answer to a device authorization request.</summary>
    public object Device { get; set; } = new
    {
        device_code = "device-1",
        user_code = "ABCD2345",
        verification_uri = "https://login.contoso.example/device",
        expires_in = 900,
        interval = 5,
    };

    /// <summary>What Graph was asked, in order; the body read to its end.</summary>
    public ConcurrentQueue<GraphAsked> AskedOfGraph { get; } = new();

    /// <summary>What Graph does with it.</summary>
    public Func<GraphAsked, HttpContext, Task> Graph { get; set; } = (_, http) =>
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers["request-id"] = "request-1";
        return Task.CompletedTask;
    };

    /// <summary>An application's own access token, unsigned: nobody here checks it.</summary>
    public static string AppToken(params string[] roles) => Token(new { aud = "https://outlook.office365.com", oid = "principal-1", tid = "directory-1", roles });

    /// <summary>A person's access token for Graph.</summary>
    public static string GraphToken(params string[] scopes) => Token(new { aud = "https://graph.microsoft.com", upn = "support@contoso.example", scp = string.Join(' ', scopes) });

    private static string Token(object claims) => string.Join('.', new[]
    {
        new { alg = "none", typ = "JWT" },
        claims,
    }.Select(part => Base64UrlEncoder.Encode(JsonSerializer.Serialize(part))).Append("c2ln"));

    public static async Task<FakeAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new FakeAuthority(builder.Build());
        authority._web.Use(authority.StrangeAsync);
        authority._web.MapPost("/directory/oauth2/v2.0/token", authority.TokenAsync);
        authority._web.MapPost("/directory/oauth2/v2.0/devicecode", () => authority.Device);
        authority._web.MapGet("/directory/v2.0/.well-known/openid-configuration", () => new
        {
            issuer = authority.Issuer,
            jwks_uri = $"{authority.Url}/keys",
            device_authorization_endpoint = $"{authority.Url}/oauth2/v2.0/devicecode",
        });
        authority._web.MapGet("/directory/keys", () => new { keys = new[] { authority.PublicKey() } });
        authority._web.Map("/v1.0/{**path}", authority.GraphAsync);
        authority._web.Map("/uploads/{**path}", authority.GraphAsync);
        await authority._web.StartAsync();
        return authority;
    }

    public void Fail(int status, string error, string description, params long[] codes) =>
        Answer = _ => Task.FromResult<(int, object)>((status, new { error, error_description = description, error_codes = codes, trace_id = "trace-1" }));

    /// <summary>Signed by this authority unless <paramref name="key"/> says otherwise.</summary>
    public string IdToken(string audience, string? nonce, string account, DateTimeOffset now, string? issuer = null, RSA? key = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["nonce"] = nonce ?? "", ["preferred_username"] = account, ["oid"] = "object-1", ["tid"] = "directory-1" },
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = now.AddHours(1).UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(key ?? _rsa) { KeyId = "key-1" }, "RS256"),
        });

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _rsa.Dispose();
    }

    private object PublicKey()
    {
        var parameters = _rsa.ExportParameters(false);
        return new { kty = "RSA", use = "sig", kid = "key-1", n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
    }

    private Task StrangeAsync(HttpContext http, RequestDelegate next) =>
        Strange is { } strange && http.Request.Path.Value!.EndsWith(strange.Path, StringComparison.Ordinal) ? strange.Answer(http) : next(http); // a request has a path

    private async Task GraphAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var asked = new GraphAsked(
            http.Request.Method, http.Request.Path.Value!, http.Request.Headers.Authorization.ToString(), http.Request.ContentType ?? "", // a request has a path
            http.Request.Headers.ContentRange.ToString(), body.ToArray());
        AskedOfGraph.Enqueue(asked);
        await Graph(asked, http);
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = (await http.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString());
        Asked.Enqueue(form);
        var (status, body) = await Answer(form);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(JsonSerializer.Serialize(body));
    }
}

internal sealed record GraphAsked(string Method, string Path, string Authorization, string Type, string Range, byte[] Body)
{
    /// <summary>What base64 stands for.</summary>
    public string Mail => System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(Body)));
}
