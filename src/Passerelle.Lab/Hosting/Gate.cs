using System.Net;

namespace Passerelle.Lab.Hosting;

/// <summary>Stands before every endpoint: loopback callers, loopback names, and nothing secret on plain http. The name check
/// keeps a page of some website from reaching the lab through a name that it points at 127.0.0.1.</summary>
internal static class Gate
{
    public static Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller))
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "The lab answers on this machine only.");
        if (!IsLoopbackName(context.Request.Host.Host))
            return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "The lab answers to localhost and 127.0.0.1 only.");
        if (!context.Request.IsHttps && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<PlainHttp>() is null)
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "This address answers on https only.");
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(context);
}
