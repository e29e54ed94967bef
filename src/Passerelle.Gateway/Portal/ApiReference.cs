using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Passerelle.Gateway.Portal;

/// <summary>One field of a body, an answer, or one parameter.</summary>
/// <param name="Type">In words; <paramref name="Schema"/> is what it leads to, null for plain values.</param>
internal sealed record ApiField(string Name, string Type, string? Schema, bool IsRequired, string Words);

/// <param name="Type">In words; empty: no body.</param>
internal sealed record ApiAnswer(string Status, string Words, string Type, string? Schema);

/// <param name="Id">Unique within the page.</param>
internal sealed record ApiOperation(
    string Id, string Method, string Path, string Summary, IReadOnlyList<string> Words, string Scope, IReadOnlyList<ApiField> Parameters, string BodyType, string? BodySchema,
    IReadOnlyList<ApiAnswer> Answers);

/// <param name="Values">Of an enumeration; empty otherwise.</param>
internal sealed record ApiSchema(string Name, string Words, IReadOnlyList<ApiField> Fields, IReadOnlyList<string> Values);

/// <summary>The API's own document, read for a page: nothing stands there that the document does not say.</summary>
internal sealed record ApiReference(IReadOnlyList<(string Tag, IReadOnlyList<ApiOperation> Operations)> Groups, IReadOnlyList<ApiSchema> Schemas)
{
    /// <param name="url">Of this installation.</param>
    public static string Example(string url) => $$"""
        curl {{url}}/api/v1/letters \
          -H "Authorization: Bearer psk_…" \
          -H "Content-Type: application/json" \
          -H "Idempotency-Key: order-4711" \
          -d '{ "appId": "…", "to": [{ "address": "ann@fabrikam.example" }], "subject": "Your order", "text": "It left on Monday." }'
        """;

    public static ApiReference Of(OpenApiDocument document)
    {
        var operations = from path in document.Paths
                         from one in path.Value.Operations ?? []
                         select (Tag: one.Value.Tags?.FirstOrDefault()?.Name ?? "", Operation: OperationOf(path.Key, one.Key.Method, one.Value));
        var schemas = (document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>()).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => SchemaOf(one.Key, one.Value));
        return new([.. operations.GroupBy(one => one.Tag).Select(group => (group.Key, (IReadOnlyList<ApiOperation>)[.. group.Select(one => one.Operation)]))], [.. schemas]);
    }

    private static ApiOperation OperationOf(string path, string method, OpenApiOperation operation)
    {
        var body = operation.RequestBody?.Content?.FirstOrDefault();
        var words = (operation.Description ?? "").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("Scope:", StringComparison.Ordinal)).ToList();
        var (type, schema) = body?.Value.Schema is { } shape ? TypeOf(shape) : (body?.Key ?? "", null);
        return new(
            operation.OperationId ?? $"{method}-{path}".Replace('/', '-'), method, path, operation.Summary ?? "", words, ScopeOf(operation),
            [.. (operation.Parameters ?? []).Select(ParameterOf)], type, schema,
            [.. (operation.Responses ?? []).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => AnswerOf(one.Key, one.Value))]);
    }

    private static string ScopeOf(OpenApiOperation operation) => operation.Extensions?.TryGetValue("x-scope", out var scope) == true && scope is JsonNodeExtension { Node: JsonValue word } ? word.ToString() : "";

    private static ApiField ParameterOf(IOpenApiParameter parameter)
    {
        var (type, schema) = parameter.Schema is { } shape ? TypeOf(shape) : ("", null);
        return new(parameter.Name ?? "", string.Create(CultureInfo.InvariantCulture, $"{type} ({parameter.In?.ToString().ToLowerInvariant()})"), schema, parameter.Required, parameter.Description ?? "");
    }

    private static ApiAnswer AnswerOf(string status, IOpenApiResponse answer)
    {
        var content = answer.Content?.FirstOrDefault();
        var (type, schema) = content?.Value?.Schema is { } shape ? TypeOf(shape) : (content?.Key ?? "", null);
        return new(status, answer.Description ?? "", type, schema);
    }

    private static ApiSchema SchemaOf(string name, IOpenApiSchema schema) => new(
        name, schema.Description ?? "",
        [.. (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Select(one => FieldOf(one.Key, one.Value, schema.Required?.Contains(one.Key) == true))],
        [.. (schema.Enum ?? []).Where(value => value is not null).Select(value => value.ToString())]);

    private static ApiField FieldOf(string name, IOpenApiSchema shape, bool isRequired)
    {
        var (type, schema) = TypeOf(shape);
        return new(name, type, schema, isRequired, shape.Description ?? "");
    }

    private static (string Type, string? Schema) TypeOf(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchemaReference { Reference.Id: { } id }) return (id, id);
        if (schema.OneOf?.FirstOrDefault(one => one is OpenApiSchemaReference) is { } named) return TypeOf(named);
        if (schema.Items is { } item)
        {
            var (type, link) = TypeOf(item);
            return ($"{type}[]", link);
        }
        var plain = (schema.Type ?? default) & ~JsonSchemaType.Null;
        var word = plain.HasFlag(JsonSchemaType.Integer) ? "integer" : plain == default ? "any" : plain.ToString().ToLowerInvariant();
        return (schema.Format is { Length: > 0 } format && format is not ("int32" or "int64") ? $"{word}, {format}" : word, null);
    }
}
