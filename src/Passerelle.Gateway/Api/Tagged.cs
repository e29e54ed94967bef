using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Api;

/// <summary>An ETag on what is read one by one (RFC 9110 §8.8.3): who asks again with <c>If-None-Match</c> gets 304 while nothing has changed.</summary>
internal sealed class Tagged(IOptions<JsonOptions> json) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var inner = result is INestedHttpResult nested ? nested.Result : result;
        if (inner is not IValueHttpResult { Value: { } value } || inner is IStatusCodeHttpResult { StatusCode: not 200 }) return result;
        var http = context.HttpContext;
        var tag = Of(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), json.Value.SerializerOptions));
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return IsKnown(http, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : result;
    }

    public static string Of(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"";

    public static bool IsKnown(HttpContext http, string tag) =>
        http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Any(known => known == tag || known == $"W/{tag}" || known == "*");
}

internal static class TaggedEndpoints
{
    public static RouteHandlerBuilder Tags(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter<Tagged>();
}
