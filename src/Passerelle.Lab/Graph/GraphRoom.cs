using System.Globalization;
using Passerelle.Lab.Identity;

namespace Passerelle.Lab.Graph;

/// <summary>Graph on the lab's HTTPS listener: <c>https://localhost:{port}/v1.0</c> is the base address for an SDK.</summary>
internal static class GraphRoom
{
    public static IHostApplicationBuilder AddGraph(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GraphService>().AddSingleton<Applications>().AddSingleton<ApplicationKeys>()
            .AddSingleton<ServicePrincipals>().AddSingleton<RoleAssignments>().AddSingleton<Policies>().AddSingleton<People>()
            .AddSingleton<Mailboxes>().AddSingleton<Messages>().AddSingleton<Sending>().AddSingleton<Attachments>().AddSingleton<Uploads>()
            .AddSingleton<Deltas>().AddSingleton<Throttle>();
        return builder;
    }

    public static void MapGraph(this IEndpointRouteBuilder routes)
    {
        routes.Map("/v1.0/{**path}", AnswerAsync);
        routes.MapMethods(Uploads.Path + "/{id}", ["PUT", "DELETE"], UploadAsync);
    }

    private static async Task AnswerAsync(HttpContext http, GraphService graph, TimeProvider time)
    {
        var request = Request(http, GraphRequest.Split(http.Request.Path.Value!["/v1.0".Length..]), time); // the route begins with it
        await WriteAsync(http.Response, request, await graph.AnswerAsync(request, http.RequestAborted), http.RequestAborted);
    }

    private static async Task UploadAsync(
        HttpContext http, string id, Uploads uploads, Attachments attachments, Exchange.Exchanges exchanges, TimeProvider time)
    {
        var request = Request(http, [], time);
        GraphAnswer answer;
        try
        {
            answer = request.Method == "DELETE"
                ? uploads.Drop(id)
                : await uploads.PutAsync(id, request.Header("Content-Range") ?? "", request, attachments, exchanges, http.RequestAborted);
        }
        catch (GraphFault fault)
        {
            answer = fault.ToAnswer(request.Trace, time.GetUtcNow());
        }

        await WriteAsync(http.Response, request, answer, http.RequestAborted);
    }

    private static GraphRequest Request(HttpContext http, string[] path, TimeProvider time) => new()
    {
        Method = http.Request.Method,
        Path = path,
        Query = http.Request.Query.ToDictionary(q => Option(q.Key), q => q.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        Header = name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null,
        Read = (limit, cancel) => ReadAsync(http.Request, limit, cancel),
        Base = $"{http.Request.Scheme}://{http.Request.Host}/v1.0",
        Trace = StsTrace.Of(http.Request, time),
    };

    /// <summary>The dollar of a system option may be left out.</summary>
    private static string Option(string key) =>
        key.ToLowerInvariant() is "filter" or "select" or "top" or "skip" or "orderby" or "count" or "search" or "expand" or "skiptoken" or "deltatoken"
            ? "$" + key.ToLowerInvariant()
            : key;

    private static async Task<byte[]> ReadAsync(HttpRequest request, int limit, CancellationToken cancel)
    {
        using var read = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int got; (got = await request.Body.ReadAsync(part, cancel)) > 0;)
        {
            if (read.Length + got > limit)
                throw new GraphFault(StatusCodes.Status413RequestEntityTooLarge, "RequestEntityTooLarge", "The request entity is too large.");
            read.Write(part, 0, got);
        }

        return read.ToArray();
    }

    private static async Task WriteAsync(HttpResponse response, GraphRequest request, GraphAnswer answer, CancellationToken cancel)
    {
        response.StatusCode = answer.Status;
        response.Headers["request-id"] = request.Trace.TraceId.ToString();
        response.Headers["client-request-id"] = request.Trace.CorrelationId.ToString();
        response.Headers["OData-Version"] = "4.0";
        response.Headers.CacheControl = "no-cache";
        if (answer.Location is { } location) response.Headers.Location = location;
        if (answer.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer realm=\"\", client_id=\"00000003-0000-0000-c000-000000000000\"";
        if (answer.Bytes is null && answer.Body is null) return;
        response.ContentType = answer.ContentType;
        await response.Body.WriteAsync(answer.Bytes ?? System.Text.Encoding.UTF8.GetBytes(answer.Body!.ToJsonString()), cancel); // one of the two is there
    }
}
