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
        RedirectPlatform? platform = grant.FixedEnd is null ? null : RedirectPlatform.Spa;
        if (ClientProof.Check(request, PlatformOf(request, platform), StsErrors.NoCredential) is { } unproven) return unproven;
        if (GrantFault(request, grant) is { } fault) return fault;
        return tokens.Issue(request, grant, nonce: null, fresh: false);
    }

    /// <summary>An app that has public redirect URIs only cannot have a secret to send.</summary>
    private static RedirectPlatform? PlatformOf(KnownRequest request, RedirectPlatform? known) =>
        known ?? (request.Fields.Credentials == 0 && request.App.RedirectUris.Any(r => r.Platform is RedirectPlatform.PublicClient)
            && request.App.RedirectUris.All(r => r.Platform is RedirectPlatform.PublicClient)
                ? RedirectPlatform.PublicClient
                : null);

    private static StsError? GrantFault(KnownRequest request, RefreshGrant grant) => grant switch
    {
        _ when grant.ClientId != request.App.ClientId => StsErrors.OtherClient,
        _ when grant.DirectoryId != request.Place.Directory.Id => StsErrors.OtherDirectory,
        { FixedEnd: { } end } when request.Now >= end => StsErrors.SpaRefreshOver(grant.SignedInAt, TimeSpan.FromHours(24)),
        _ when request.Now - grant.IssuedAt >= IdleLimit => StsErrors.Idle(grant.IssuedAt, IdleLimit),
        _ => null,
    };
}
