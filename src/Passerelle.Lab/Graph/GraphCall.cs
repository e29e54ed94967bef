using System.Text.Json;
using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>A request whose token was believed: what is asked, where, by whom.</summary>
internal sealed record GraphCall(GraphRequest Request, AccessToken Token)
{
    private const int LargestBody = 4 * 1024 * 1024;

    public Twin Lab => Token.Lab;
    public string Method => Request.Method;
    public string[] Path => Request.Path;
    public IReadOnlyDictionary<string, string> Query => Request.Query;

    /// <summary>As it stands now: each look is a new one.</summary>
    /// <exception cref="GraphFault">401: it is gone.</exception>
    public LabDirectory Directory =>
        Lab.State.Directory(Token.DirectoryId) ?? throw GraphFault.Unauthenticated("Access token validation failure.");

    public DirectoryPlace Place => new(Lab, Directory);

    /// <summary>Who signed in; null in app-only calls.</summary>
    public LabUser? Person => Token.AppOnly ? null : Directory.User(Token.ObjectId);

    /// <summary>Whether the token carries one of these: a role in an app-only token, a scope otherwise.</summary>
    public bool Has(params ReadOnlySpan<string> permissions)
    {
        foreach (var permission in permissions)
        {
            if ((Token.AppOnly ? Token.Roles : Token.Scopes).Contains(permission, StringComparer.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <exception cref="GraphFault">403: it carries none of them.</exception>
    public void Demand(params ReadOnlySpan<string> permissions)
    {
        if (!Has(permissions)) throw GraphFault.Denied();
    }

    /// <summary>A delegated permission gives no more than the person may do (facts §3.9, §4.1).</summary>
    /// <exception cref="GraphFault">403: no administrator signed in.</exception>
    public void DemandAdministrator()
    {
        if (!Token.AppOnly && Person?.Administrator != true) throw GraphFault.Denied();
    }

    /// <exception cref="GraphFault">400: it is no JSON object.</exception>
    public async Task<JsonObject> BodyAsync(CancellationToken cancel)
    {
        var bytes = await Request.Read(LargestBody, cancel);
        try
        {
            return JsonNode.Parse(bytes) as JsonObject ?? throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    public Task<byte[]> BytesAsync(CancellationToken cancel) => Request.Read(LargestBody, cancel);

    private static GraphFault Unreadable() => new(
        StatusCodes.Status400BadRequest, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
}
