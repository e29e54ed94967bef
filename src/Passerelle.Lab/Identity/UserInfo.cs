using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>/oidc/userinfo: who a Graph token speaks for (OpenID Connect Core §5.3).</summary>
internal sealed class UserInfo(TokenReader reader)
{
    public IResult Answer(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return Refuse(context, "invalid_request", "Access token is missing.");
        if (reader.Read(header[7..].Trim(), Resources.Graph) is not TokenReading.Read { Token: var token })
            return Refuse(context, "invalid_token", "Access token validation failure.");
        if (token.AppOnly || token.Lab.State.Directory(token.DirectoryId)?.User(token.ObjectId) is not { } user)
            return Refuse(context, "invalid_token", "The token speaks for no person.");
        var names = user.DisplayName.Split(' ', 2);
        var body = new JsonObject
        {
            ["sub"] = TokenMint.Pairwise(token.ClientId, user.Id),
            ["name"] = user.DisplayName,
            ["given_name"] = names[0],
            ["family_name"] = names.Length > 1 ? names[1] : "",
        };
        if (token.Scopes.Contains("email")) body["email"] = user.Address;
        return Results.Json(body);
    }

    private static IResult Refuse(HttpContext context, string error, string text)
    {
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"{error}\", error_description=\"{text}\"";
        return Results.Json(new JsonObject { ["error"] = new JsonObject { ["code"] = "InvalidAuthenticationToken", ["message"] = text } },
            statusCode: StatusCodes.Status401Unauthorized);
    }
}
