namespace Passerelle.Lab.Identity;

/// <summary>grant_type=password, which the real service advises against and still answers (facts §1.5): no page, so nothing that
/// needs one.</summary>
internal sealed class PasswordGrant(UserTokens tokens)
{
    public TokenAnswer Answer(KnownRequest request)
    {
        if (request.Fields.UserName is not { } login) return StsErrors.Missing("username");
        if (request.Fields.Password is not { } password) return StsErrors.Missing("password");
        if (request.Fields.Scope is not { } scope) return StsErrors.Missing("scope");
        if (ClientProof.Check(request, platform: null, StsErrors.NoCredential) is { } unproven) return unproven;
        if (request.Place.Directory.UserByAddress(login) is not { } user) return StsErrors.UserNotFound(login, request.Place.Directory);
        if (SignIns.Try(request.Place, user, password) is { } refused) return refused;
        return tokens.Issue(request, new RefreshGrant
        {
            DirectoryId = request.Place.Directory.Id,
            ClientId = request.App.ClientId,
            UserId = user.Id,
            Scope = scope,
            SignedInAt = request.Now,
            IssuedAt = request.Now,
        }, nonce: null, Door.Password);
    }
}
