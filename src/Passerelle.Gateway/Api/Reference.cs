using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Passerelle.Gateway.Api;

/// <summary>All of the API as an OpenAPI document, <c>/api/v1/openapi.json</c>, for people who are signed in; what programs may do is <see cref="ProgramsDocument"/>.</summary>
internal static class Reference
{
    public const string DocumentPath = "/api/v1/openapi.json";
    private const string DocumentName = "v1";

    public static void AddReference(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(DescribeAsync);
    });

    public static void MapReference(this WebApplication app) => app.MapOpenApi("/api/{documentName}/openapi.json");

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info.Title = "Passerelle";
        document.Info.Version = DocumentName;
        document.Info.Description =
            "Orders of this installation's own pages (the session cookie, same origin) and of the operator's socket "
            + "DATA/run/operator.sock. Whatever belongs to another organisation is 404.";
        document.Servers = []; // the reader's own origin
        return Task.CompletedTask;
    }
}
