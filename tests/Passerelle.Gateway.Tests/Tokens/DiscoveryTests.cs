using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tests.Outbound;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Tokens;

/// <summary>A provider's own description fills the form, or a sentence says why not.</summary>
public sealed class DiscoveryTests
{
    private const string OpenId = "/.well-known/openid-configuration";

    [Theory]
    [InlineData("", "/tenant", "/tenant/.well-known/openid-configuration")]
    [InlineData("/tenant/.well-known/openid-configuration", "/tenant", "/tenant/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server/tenant", "/tenant", "/.well-known/oauth-authorization-server/tenant")]
    public async Task The_documents_address_or_the_issuers_gives_the_endpoints(string typed, string issuer, string asked)
    {
        await using var provider = await OutsideServer.StartAsync();
        var paths = new List<string>();
        provider.Answer = http =>
        {
            paths.Add(http.Request.Path);
            return http.Response.WriteAsJsonAsync(Document(provider, issuer), TempStore.Cancel);
        };
        var found = Assert.IsType<DiscoveryOutcome.Found>(await ReadAsync(provider, $"{provider.Url}{(typed.Length > 0 ? typed : issuer)}"));
        Assert.Equal(($"{provider.Url}/authorize", $"{provider.Url}/token", $"{provider.Url}{issuer}"), (found.AuthorizationUrl, found.TokenUrl, found.Issuer));
        Assert.Equal([asked], paths);
    }

    [Theory]
    [InlineData("<html>Welcome</html>", 200, "a page for people")]
    [InlineData("""{"issuer":"https://idp.example"}""", 200, "another kind of document")]
    [InlineData("""{"issuer":"https://evil.example","authorization_endpoint":"https://evil.example/a","token_endpoint":"https://evil.example/t"}""", 200, "somebody else")]
    [InlineData("[]", 200, "another kind of document")]
    [InlineData("gone", 404, "answered 404")]
    [InlineData("", 302, "answered 302")]
    public async Task What_is_no_such_document_is_said_in_a_sentence(string body, int status, string said)
    {
        await using var provider = await OutsideServer.StartAsync();
        provider.Answer = http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body, TempStore.Cancel);
        };
        Assert.Contains(said, Assert.IsType<DiscoveryOutcome.Failed>(await ReadAsync(provider, $"{provider.Url}{OpenId}")).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_never_ends_is_given_up()
    {
        await using var provider = await OutsideServer.StartAsync();
        provider.Answer = async http =>
        {
            var piece = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(piece, http.RequestAborted);
        };
        Assert.IsType<DiscoveryOutcome.Failed>(await ReadAsync(provider, $"{provider.Url}{OpenId}"));
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("http://idp.example")]
    [InlineData("ftp://idp.example")]
    public async Task Only_https_is_asked(string typed)
    {
        await using var provider = await OutsideServer.StartAsync();
        Assert.Contains("https://", Assert.IsType<DiscoveryOutcome.Failed>(await ReadAsync(provider, typed)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_address_is_judged_by_the_policy()
    {
        await using var provider = await OutsideServer.StartAsync();
        var failed = Assert.IsType<DiscoveryOutcome.Failed>(await ReadAsync(provider, $"{provider.Url}{OpenId}", allowed: false));
        Assert.Contains("Outbound:Allow", failed.Sentence, StringComparison.Ordinal);
        Assert.Empty(provider.Keys);
    }

    private static object Document(OutsideServer provider, string issuer) => new
    {
        issuer = $"{provider.Url}{issuer}",
        authorization_endpoint = $"{provider.Url}/authorize",
        token_endpoint = $"{provider.Url}/token",
    };

    private static async Task<DiscoveryOutcome> ReadAsync(OutsideServer provider, string typed, bool allowed = true)
    {
        var options = Options.Create(new OutboundOptions { Allow = allowed ? [provider.HostAndPort] : [], RequestSeconds = 5 });
        using var http = new OutboundHttp(new OutboundPolicy(options, Dns.GetHostAddressesAsync, TimeProvider.System), new OutboundTrust(options), options);
        return await new Discovery(http).ReadAsync(typed, TempStore.Cancel);
    }
}
