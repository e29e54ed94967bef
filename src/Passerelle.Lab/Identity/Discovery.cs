using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The documents a client reads before it asks for anything (facts §1.2, §1.3).</summary>
internal sealed class Discovery(Labs labs, SigningKeys keys, Addresses addresses, TimeProvider time)
{
    public IResult Configuration(HttpContext context, string directory)
    {
        var shared = Segments.Shared(directory);
        DirectoryPlace? place = shared ? null : labs.Directory(directory);
        if (!shared && place is null) return NotFound(context, directory);

        Cache(context.Response);
        var segment = place?.Directory.Id.ToString() ?? directory.ToLowerInvariant();
        var authority = $"{addresses.Https}/{segment}";
        return Results.Json(new JsonObject
        {
            ["token_endpoint"] = $"{authority}/oauth2/v2.0/token",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "client_secret_basic"),
            ["jwks_uri"] = $"{authority}/discovery/v2.0/keys",
            ["response_modes_supported"] = new JsonArray("query", "fragment", "form_post"),
            ["subject_types_supported"] = new JsonArray("pairwise"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["response_types_supported"] = new JsonArray("code", "id_token", "code id_token", "id_token token"),
            ["scopes_supported"] = new JsonArray("openid", "profile", "email", "offline_access"),
            ["issuer"] = shared ? $"{addresses.Https}/{{tenantid}}/v2.0" : $"{authority}/v2.0",
            ["request_uri_parameter_supported"] = false,
            ["authorization_endpoint"] = $"{authority}/oauth2/v2.0/authorize",
            ["http_logout_supported"] = true,
            ["end_session_endpoint"] = $"{authority}/oauth2/v2.0/logout",
            ["claims_supported"] = new JsonArray("sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver",
                "at_hash", "c_hash", "email"),
            ["tenant_region_scope"] = shared ? null : "WW",
            ["cloud_instance_name"] = "microsoftonline.com",
            ["msgraph_host"] = "graph.microsoft.com",
        });
    }

    /// <summary>All keys of the pool: the next key is known before it signs.</summary>
    public IResult Keys(HttpContext context, string directory)
    {
        DirectoryPlace? place = labs.Directory(directory);
        if (place is null && !Segments.Shared(directory)) return NotFound(context, directory);

        Cache(context.Response);
        var issuer = $"{addresses.Https}/{place?.Directory.Id.ToString() ?? "{tenantid}"}/v2.0";
        return Results.Json(new JsonObject { ["keys"] = new JsonArray([.. keys.All.Select(key => (JsonNode)Describe(key, issuer))]) });
    }

    /// <summary>Every authority is the lab itself, so that a client which insists on asking gets a usable answer.</summary>
    public IResult Instance()
    {
        var host = new Uri(addresses.Https).Authority;
        return Results.Json(new JsonObject
        {
            ["tenant_discovery_endpoint"] = $"{addresses.Https}/common/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject
            {
                ["preferred_network"] = host,
                ["preferred_cache"] = host,
                ["aliases"] = new JsonArray(host),
            }),
        });
    }

    private static JsonObject Describe(SigningKey key, string issuer)
    {
        JsonWebKey jwk = JsonWebKeyConverter.ConvertFromX509SecurityKey((X509SecurityKey)key.Key, representAsRsaKey: true);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = key.Id,
            ["x5t"] = key.Id,
            ["n"] = jwk.N,
            ["e"] = jwk.E,
            ["x5c"] = new JsonArray(Convert.ToBase64String(key.Certificate.RawData)),
            ["issuer"] = issuer,
        };
    }

    private IResult NotFound(HttpContext context, string directory)
    {
        StsTrace trace = StsTrace.Of(context.Request, time);
        StsHeaders.Write(context.Response, trace, context.Request);
        StsError error = StsErrors.DirectoryNotFound(directory) with { Error = "invalid_tenant" };
        return Results.Json(StsErrorBody.Of(error, trace), statusCode: error.Status);
    }

    private static void Cache(HttpResponse response)
    {
        response.Headers.CacheControl = "max-age=86400, private";
        response.Headers.AccessControlAllowOrigin = "*";
    }
}
