using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Api;

/// <summary>
/// A browser's cookie counts for an order only when our own page gave it: the operator's socket and a program's key
/// carry no cookie and are let through. <c>Sec-Fetch-Site</c> and <c>Origin</c> are set by browsers and cannot be set by a page.
/// </summary>
internal sealed class SameOrigin(Installations installations) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            || OperatorAuthentication.IsOperator(http) || Caller.Of(http.User) is { IsKey: true } || await IsOursAsync(http))
        {
            return await next(context);
        }
        return TypedResults.Problem(
            "Orders are taken from this installation's own pages, with an API key, or over the operator's socket", statusCode: StatusCodes.Status403Forbidden);
    }

    private async Task<bool> IsOursAsync(HttpContext http)
    {
        if (http.Request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            return origin == (await installations.FindAsync(http.RequestAborted))?.PublicUrl;
        }
        return http.Request.Headers["Sec-Fetch-Site"].ToString() is "same-origin";
    }
}
