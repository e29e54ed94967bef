using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Passerelle.Lab.Identity;

/// <summary>GET /common/discovery/instance as MSAL calls it (facts §1.3). The lab's own host stands where the worldwide cloud
/// stands, so that a client which insists on asking stays in the lab.</summary>
internal sealed class InstanceDiscovery(Addresses addresses, TimeProvider time)
{
    private static readonly ImmutableArray<string> Worldwide =
        ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];

    private static readonly ImmutableArray<ImmutableArray<string>> OtherClouds =
    [
        ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        ["login.microsoftonline.de"],
        ["login.microsoftonline.us", "login.usgovcloudapi.net"],
        ["login-us.microsoftonline.com"],
    ];

    public IResult Answer(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        var endpoint = query["authorization_endpoint"].ToString();
        if (query["api-version"].ToString() is not ("1.0" or "1.1")) return Refuse(context, StsErrors.InstanceMalformed("api-version"));
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Segments.Length < 2)
            return Refuse(context, StsErrors.InstanceMalformed("authorization_endpoint"));
        var own = new Uri(addresses.Https).Authority;
        if (uri.Authority != own && !Worldwide.Contains(uri.Host) && !OtherClouds.Any(c => c.Contains(uri.Host)))
            return Refuse(context, StsErrors.InstanceUnknown);

        return Results.Json(new JsonObject
        {
            ["tenant_discovery_endpoint"] = $"{addresses.Https}/{uri.Segments[1].Trim('/')}/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray([Cloud(own, own, [own, .. Worldwide]), .. OtherClouds.Select(c => Cloud(c[0], c[0], c))]),
        });
    }

    private static JsonNode Cloud(string network, string cache, ImmutableArray<string> aliases) => new JsonObject
    {
        ["preferred_network"] = network,
        ["preferred_cache"] = cache,
        ["aliases"] = new JsonArray([.. aliases.Select(a => (JsonNode)a)]),
    };

    private IResult Refuse(HttpContext context, StsError error)
    {
        StsTrace trace = StsTrace.Of(context.Request, time);
        StsHeaders.Write(context.Response, trace, context.Request);
        return Results.Json(StsErrorBody.Of(error, trace), statusCode: error.Status);
    }
}
