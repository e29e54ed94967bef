using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Passerelle.Gateway.Api;

/// <summary>The API as an OpenAPI document, <c>/api/v1/openapi.json</c>, and as pages to read, <c>/api</c>. Both for people who are signed in.</summary>
internal static class Reference
{
    public const string DocumentPath = "/api/v1/openapi.json";
    private const string DocumentName = "v1";

    public static void AddReference(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(DescribeAsync);
    });

    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi("/api/{documentName}/openapi.json");
        app.MapScalarApiReference("/api", (options, http) =>
        {
            // its page starts itself with an inline script: this page alone may run that one, by a nonce
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            http.Response.Headers.ContentSecurityPolicy = PolicyFor(nonce);
            options.WithNonce(nonce)
                .WithTitle("Passerelle API")
                .WithOpenApiRoutePattern("/api/{documentName}/openapi.json")
                .AddDocument(DocumentName)
                .DisableDefaultFonts().DisableAgent().DisableMcp().DisableTelemetry().HideDeveloperTools().HideClientButton();
        });
    }

    private static string PolicyFor(string nonce) =>
        $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

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
