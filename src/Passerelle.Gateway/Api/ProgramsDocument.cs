using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Passerelle.Gateway.Access.Keys;

namespace Passerelle.Gateway.Api;

/// <summary>
/// What programs may do with a key, as OpenAPI 3.1: <c>/api/openapi.json</c>. It tells of the API and nothing of this installation,
/// so that a generator may fetch it without a key. An order is in it by naming its scope, and by nothing else.
/// </summary>
internal static class ProgramsDocument
{
    public const string Name = "programs";
    public const string Path = "/api/openapi.json";
    private const string Scheme = "key";
    private const string ProblemType = "application/problem+json";

    private static readonly (string Status, string Words)[] Refusals =
    [
        ("401", "There is no such key, or it does not count any more."),
        ("403", "The key lacks the scope."),
        ("429", "More orders in this minute than the key may give: wait as Retry-After says."),
    ];

    public static void AddProgramsDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = operation => operation.ActionDescriptor.EndpointMetadata.OfType<NeedsScope>().Any()
            && operation.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(GuardAsync);
    });

    public static void MapProgramsDocument(this WebApplication app)
    {
        byte[]? written = null; // it does not change while the process lives
        app.MapGet(Path, async (HttpContext http, [FromKeyedServices(Name)] IOpenApiDocumentProvider documents, CancellationToken cancel) =>
        {
            written ??= Encoding.UTF8.GetBytes(await (await documents.GetOpenApiDocumentAsync(cancel)).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancel));
            var tag = Tagged.Of(written);
            http.Response.Headers.ETag = tag;
            http.Response.Headers.CacheControl = "no-cache";
            return Tagged.IsKnown(http, tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(written, "application/json");
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info.Title = "Passerelle";
        document.Info.Version = "v1";
        document.Info.Description =
            "What programs may do with an API key of Settings › API keys: `Authorization: Bearer psk_…`. Each order names the scope that it needs. "
            + "Whatever belongs to another organisation is 404. Every refusal is a problem document (RFC 9457) whose detail says what to do. "
            + "Lists are paged by the id of the last line. Times are UTC, ISO 8601.";
        document.Servers = [new OpenApiServer { Url = "/" }]; // the reader's own origin
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key of Settings › API keys.",
        };
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(one => one.Value))
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        }
        return Task.CompletedTask;
    }

    private static Task GuardAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var scope = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsScope>().Last().Scope;
        operation.Description = string.Join("\n\n", new[] { operation.Description, $"Scope: `{scope}`." }.Where(text => !string.IsNullOrEmpty(text)));
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-scope"] = new JsonNodeExtension(scope);
        operation.Responses ??= new OpenApiResponses();
        foreach (var (status, words) in Refusals)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse { Description = words, Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new() } });
        }
        return Task.CompletedTask;
    }
}
