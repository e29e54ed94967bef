using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The documents a client reads before it asks for anything (facts §1.2).</summary>
internal sealed class Discovery(Labs labs, SigningKeys keys, Addresses addresses, TimeProvider time)
{
    public IResult Configuration(HttpContext context, string directory) => Document(context, directory, (authority, issuerSegment, shared) => new JsonObject
    {
        ["token_endpoint"] = $"{authority}/oauth2/v2.0/token",
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt", "client_secret_basic"),
        ["jwks_uri"] = $"{authority}/discovery/v2.0/keys",
        ["response_modes_supported"] = new JsonArray("query", "fragment", "form_post"),
        ["subject_types_supported"] = new JsonArray("pairwise"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["response_types_supported"] = new JsonArray("code", "id_token", "code id_token", "id_token token"),
        ["scopes_supported"] = new JsonArray("openid", "profile", "email", "offline_access"),
        ["issuer"] = $"{addresses.Https}/{issuerSegment}/v2.0",
        ["request_uri_parameter_supported"] = false,
        ["userinfo_endpoint"] = $"{addresses.Https}/oidc/userinfo",
        ["authorization_endpoint"] = $"{authority}/oauth2/v2.0/authorize",
        ["device_authorization_endpoint"] = $"{authority}/oauth2/v2.0/devicecode",
        ["http_logout_supported"] = true,
        ["frontchannel_logout_supported"] = true,
        ["end_session_endpoint"] = $"{authority}/oauth2/v2.0/logout",
        ["claims_supported"] = new JsonArray("sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name",
            "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"),
        ["kerberos_endpoint"] = $"{authority}/kerberos",
        ["tenant_region_scope"] = shared ? null : "WW",
        ["cloud_instance_name"] = "microsoftonline.com",
        ["cloud_graph_host_name"] = "graph.windows.net",
        ["msgraph_host"] = "graph.microsoft.com",
        ["rbac_url"] = "https://pas.windows.net",
    });

    /// <summary>The v1 document: its issuer is another one.</summary>
    public IResult OldConfiguration(HttpContext context, string directory) => Document(context, directory, (authority, issuerSegment, shared) => new JsonObject
    {
        ["token_endpoint"] = $"{authority}/oauth2/token",
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt", "client_secret_basic"),
        ["jwks_uri"] = $"{authority}/discovery/keys",
        ["response_modes_supported"] = new JsonArray("query", "fragment", "form_post"),
        ["subject_types_supported"] = new JsonArray("pairwise"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["response_types_supported"] = new JsonArray("code", "id_token", "code id_token", "token id_token", "token"),
        ["scopes_supported"] = new JsonArray("openid"),
        ["issuer"] = $"https://sts.windows.net/{issuerSegment}/",
        ["microsoft_multi_refresh_token"] = true,
        ["authorization_endpoint"] = $"{authority}/oauth2/authorize",
        ["device_authorization_endpoint"] = $"{authority}/oauth2/devicecode",
        ["http_logout_supported"] = true,
        ["frontchannel_logout_supported"] = true,
        ["end_session_endpoint"] = $"{authority}/oauth2/logout",
        ["claims_supported"] = new JsonArray("sub", "iss", "cloud_instance_name", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "email",
            "given_name", "family_name", "nickname"),
        ["check_session_iframe"] = $"{authority}/oauth2/checksession",
        ["userinfo_endpoint"] = $"{addresses.Https}/oidc/userinfo",
        ["tenant_region_scope"] = shared ? null : "WW",
        ["cloud_instance_name"] = "microsoftonline.com",
        ["cloud_graph_host_name"] = "graph.windows.net",
        ["msgraph_host"] = "graph.microsoft.com",
        ["rbac_url"] = "https://pas.windows.net",
    });

    /// <summary>All keys of the pool: the next key is known before it signs.</summary>
    public IResult Keys(HttpContext context, string directory)
    {
        DirectoryPlace? place = labs.Directory(directory);
        if (place is null && !Segments.Shared(directory) && !Segments.Personal(directory)) return NotFound(context, directory);

        Cache(context);
        var issuer = $"{addresses.Https}/{place?.Directory.Id.ToString() ?? "{tenantid}"}/v2.0";
        return Results.Json(new JsonObject { ["keys"] = new JsonArray([.. keys.All.Select(key => (JsonNode)Describe(key, issuer))]) });
    }

    /// <param name="write">Given the authority, the directory's place in the issuer, and whether the segment names no directory.</param>
    private IResult Document(HttpContext context, string directory, Func<string, string, bool, JsonObject> write)
    {
        var personal = Segments.Personal(directory);
        var shared = Segments.Shared(directory) && !personal;
        DirectoryPlace? place = shared || personal ? null : labs.Directory(directory);
        if (!shared && !personal && place is null) return NotFound(context, directory);

        Cache(context);
        var segment = place?.Directory.Id.ToString() ?? directory.ToLowerInvariant();
        return Results.Json(write($"{addresses.Https}/{segment}",
            shared ? "{tenantid}" : personal ? Resources.PersonalDirectory.ToString() : segment, shared));
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

    /// <summary>As recorded (facts §1.2), save Strict-Transport-Security: the lab also speaks plain HTTP on the same host.</summary>
    private void Cache(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "max-age=86400, private";
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "GET, OPTIONS";
        headers.XContentTypeOptions = "nosniff";
        headers["P3P"] = "CP=\"DSP CUR OTPi IND OTRi ONL FIN\"";
        headers["x-ms-request-id"] = StsTrace.Of(context.Request, time).TraceId.ToString();
        headers["x-ms-ests-server"] = "2.1.14357.8 - WUS2 ProdSlices";
        headers["X-XSS-Protection"] = "0";
        headers.Append("Set-Cookie", "x-ms-gateway-slice=estsfd; path=/; secure; httponly");
        headers.Append("Set-Cookie", "stsservicecookie=estsfd; path=/; secure; httponly");
    }
}
