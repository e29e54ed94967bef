using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>grant_type=refresh_token.</summary>
internal sealed class Refreshing(Sealer sealer, UserTokens tokens)
{
    /// <summary>Days without use after which a refresh token dies (facts §1.12).</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromDays(90);

    public TokenAnswer Answer(KnownRequest request)
    {
        if (request.Fields.RefreshToken is not { } sent) return StsErrors.Missing("refresh_token");
        if (sealer.Open<RefreshGrant>(sent) is not { } grant) return StsErrors.Malformed;
        if (ClientProof.Check(request, PlatformOf(request, grant), StsErrors.NoCredential) is { } unproven) return unproven;
        if (GrantFault(request, grant) is { } fault) return fault;
        return tokens.Issue(request, grant, nonce: null, Door.Refresh);
    }

    /// <summary>A grant without a redirect URI, from a device or a password: public when the application may be.</summary>
    private static RedirectPlatform? PlatformOf(KnownRequest request, RefreshGrant grant) =>
        grant.Platform ?? (request.Fields.Credentials == 0 && request.App.AllowPublicClient ? RedirectPlatform.PublicClient : null);

    private static StsError? GrantFault(KnownRequest request, RefreshGrant grant) => grant switch
    {
        _ when grant.ClientId != request.App.ClientId => StsErrors.OtherClient,
        _ when grant.DirectoryId != request.Place.Directory.Id => StsErrors.OtherDirectory,
        { Platform: RedirectPlatform.Spa } when request.Fields.Origin is null => StsErrors.SpaOnly,
        { FixedEnd: { } end } when request.Now >= end => StsErrors.SpaRefreshOver(grant.SignedInAt, UserTokens.SinglePageLife),
        _ when request.Now - grant.IssuedAt >= IdleLimit => StsErrors.Idle(grant.IssuedAt, IdleLimit),
        _ when request.Place.Directory.RefreshTokenMaxDays is { } days && request.Now - grant.SignedInAt >= TimeSpan.FromDays(days) =>
            StsErrors.LifetimeOver(grant.SignedInAt, TimeSpan.FromDays(days)),
        _ => null,
    };
}
