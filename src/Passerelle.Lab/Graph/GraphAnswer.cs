using System.Text.Json.Nodes;

namespace Passerelle.Lab.Graph;

/// <summary>What Graph answers.</summary>
/// <param name="Body">Null when there is none.</param>
internal sealed record GraphAnswer(int Status, JsonNode? Body = null)
{
    public static readonly GraphAnswer Accepted = new(StatusCodes.Status202Accepted);
    public static readonly GraphAnswer NoContent = new(StatusCodes.Status204NoContent);

    /// <summary>Something else than JSON, such as a mail; null without.</summary>
    public byte[]? Bytes { get; init; }

    public string ContentType { get; init; } = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
    public string? Location { get; init; }
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Of the mail that was sent or read, for the log.</summary>
    public string? MessageId { get; init; }

    /// <param name="context">Behind <c>$metadata#</c>.</param>
    public static GraphAnswer One(string context, JsonObject entity, int status = StatusCodes.Status200OK)
    {
        entity.Insert(0, "@odata.context", Context(context));
        return new GraphAnswer(status, entity);
    }

    public static GraphAnswer Made(string context, JsonObject entity) => One(context, entity, StatusCodes.Status201Created);

    public static string Context(string what) => $"https://graph.microsoft.com/v1.0/$metadata#{what}";
}
