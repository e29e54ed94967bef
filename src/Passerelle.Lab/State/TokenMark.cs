using Microsoft.IdentityModel.JsonWebTokens;

namespace Passerelle.Lab.State;

/// <summary>What identifies a token without being one: enough to prove whose token sent a mail.</summary>
internal sealed record TokenMark(string? Jti, string? Uti, string? ObjectId, string? AppId, string? Upn, string? Scopes)
{
    /// <summary>Taken without judging it, so that a refused token can be named as well; null when it is none.</summary>
    public static TokenMark? Of(string token)
    {
        try
        {
            var jwt = new JsonWebToken(token);
            string? Claim(string name) => jwt.TryGetPayloadValue(name, out string? value) ? value : null;
            return new TokenMark(Claim("jti"), Claim("uti"), Claim("oid"), Claim("appid"), Claim("upn"), Claim("scp"));
        }
        catch (ArgumentException)
        {
            return null; // not a token at all
        }
    }
}
