using Microsoft.IdentityModel.JsonWebTokens;

namespace Passerelle.Dev.Soak.Cluster;

/// <summary>The lab's access tokens, as a server reads them that stands in for its submission server; their signature is the lab's business.</summary>
internal static class LabTokens
{
    /// <inheritdoc cref="Bench.Send.TokenCheck"/>
    public static bool IsTokenOf(string user, string token)
    {
        var jwt = new JsonWebToken(token);
        return jwt.ValidTo > TimeProvider.System.GetUtcNow().UtcDateTime
            && jwt.GetPayloadValue<string>("scp").Split(' ').Contains("SMTP.Send")
            && string.Equals(jwt.GetPayloadValue<string>("upn"), user, StringComparison.OrdinalIgnoreCase);
    }
}
