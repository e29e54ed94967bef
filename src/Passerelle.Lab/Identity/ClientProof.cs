using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Whether the client proved itself in the way its platform asks for.</summary>
internal static class ClientProof
{
    /// <param name="platform">Of the redirect URI behind the grant; null when the grant has none.</param>
    /// <returns>Null when the proof is right.</returns>
    public static StsError? Check(KnownRequest request, RedirectPlatform? platform, StsError whenAbsent)
    {
        TokenRequest fields = request.Fields;
        var isPublic = platform is RedirectPlatform.PublicClient or RedirectPlatform.Spa
            || (platform is null && request.App.AllowPublicClient && fields.Credentials == 0);
        return fields switch
        {
            { Credentials: > 1 } => StsErrors.TwoCredentials,
            { Credentials: 1 } when isPublic => StsErrors.PublicWithSecret,
            { Credentials: 0 } when isPublic => null,
            { Assertion: { } assertion } => ClientAssertions.Check(request, assertion),
            { Secret: { } secret } => ClientSecrets.Check(request.App, secret, request.Now),
            _ => whenAbsent,
        };
    }
}
