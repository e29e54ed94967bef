namespace Passerelle.Lab.Identity;

/// <summary>Reads the form of the endpoints that programs speak to.</summary>
internal static class StsForms
{
    /// <returns>Null when the verb is not POST.</returns>
    public static async Task<TokenRequest?> ReadAsync(HttpRequest request, bool old)
    {
        if (!HttpMethods.IsPost(request.Method)) return null;
        IFormCollection form = FormCollection.Empty;
        if (request.HasFormContentType)
        {
            try
            {
                form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            }
            catch (InvalidDataException)
            {
                form = FormCollection.Empty; // past a bound of the form reader: every field counts as missing
            }
        }

        return new TokenRequest(form, BasicCredential.Of(request.Headers.Authorization), request.Headers.Origin.FirstOrDefault(), old);
    }
}

/// <summary>First path segments that name no directory.</summary>
internal static class Segments
{
    public static bool Shared(string segment) => segment.ToLowerInvariant() is "common" or "organizations" or "consumers";

    /// <summary>Personal accounts alone, by name or by id.</summary>
    public static bool Personal(string segment) =>
        segment.Equals("consumers", StringComparison.OrdinalIgnoreCase)
        || (Guid.TryParse(segment, out Guid id) && id == State.Resources.PersonalDirectory);
}

internal static class StsHeaders
{
    public static void Write(HttpResponse response, StsTrace trace, HttpRequest request)
    {
        response.Headers.CacheControl = "no-store, no-cache";
        response.Headers.Pragma = "no-cache";
        response.Headers.Expires = "-1";
        response.Headers["x-ms-request-id"] = trace.TraceId.ToString();
        response.Headers["x-ms-ests-server"] = "2.1.14357.8 - WUS2 ProdSlices";
        if (request.Headers.ContainsKey("client-request-id")) response.Headers["client-request-id"] = trace.CorrelationId.ToString();
    }

    /// <summary>A single-page app redeems from its own origin.</summary>
    public static void AllowBrowser(HttpResponse response)
    {
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        response.Headers.AccessControlAllowHeaders = "*";
    }
}
