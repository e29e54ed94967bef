using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>grant_type=authorization_code.</summary>
internal sealed class CodeRedemption(Sealer sealer, UserTokens tokens)
{
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    public TokenAnswer Answer(KnownRequest request)
    {
        TokenRequest fields = request.Fields;
        if (fields.Code is null) return StsErrors.Missing("code");
        if (sealer.Open<CodeGrant>(fields.Code) is not { } code) return StsErrors.Malformed; // before the secret (facts §1.5)
        if (code.Platform is RedirectPlatform.Spa && fields.Origin is null) return StsErrors.SpaOnly; // with a secret too (facts §1.7)
        if (ClientProof.Check(request, code.Platform, StsErrors.NoCredential) is { } unproven) return unproven;
        if (CodeFault(request, code) is { } fault) return fault;
        if (!Redeem(request, code)) return StsErrors.CodeRedeemed;

        return tokens.Issue(request, new RefreshGrant
        {
            DirectoryId = code.DirectoryId,
            ClientId = code.ClientId,
            UserId = code.UserId,
            Scope = code.Scope,
            SignedInAt = code.SignedInAt,
            MfaAt = code.MfaAt,
            Platform = code.Platform,
            IssuedAt = request.Now,
        }, code.Nonce, Door.Page);
    }

    /// <summary>Everything that can be wrong with a code besides having been used. A refused attempt does not use it up.</summary>
    private static StsError? CodeFault(KnownRequest request, CodeGrant code)
    {
        TokenRequest fields = request.Fields;
        return code switch
        {
            _ when code.ClientId != request.App.ClientId => StsErrors.CodeOfOtherClient,
            _ when request.Now - code.IssuedAt > CodeLife => StsErrors.CodeExpired,
            _ when code.DirectoryId != request.Place.Directory.Id => StsErrors.OtherDirectory,
            { RedirectGiven: true } when fields.RedirectUri is null => StsErrors.RedirectUriLeftOut,
            _ when fields.RedirectUri is { } sent && sent != code.RedirectUri => StsErrors.OtherRedirectUri(sent, code.RedirectUri),
            { Platform: not RedirectPlatform.Spa } when fields.Origin is not null => StsErrors.WebOnly(fields.Origin),
            { Platform: RedirectPlatform.Spa, Challenge: null } => StsErrors.SpaNeedsChallenge,
            { Challenge: not null } when fields.Verifier is { Length: < 43 } => StsErrors.VerifierShort,
            { Challenge: { } challenge } when !Fits(fields.Verifier, challenge, code.Sha256Challenge) => StsErrors.VerifierMismatch,
            _ when fields.ScopeIsEmpty && !fields.Old => StsErrors.ScopeEmpty,
            _ => null,
        };
    }

    private static bool Fits(string? verifier, string challenge, bool sha256) =>
        verifier is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(sha256 ? WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) : verifier),
            Encoding.ASCII.GetBytes(challenge));

    /// <returns>False when another request was first.</returns>
    private static bool Redeem(KnownRequest request, CodeGrant code) => request.Place.Lab.Change(state =>
    {
        if (state.RedeemedCodes.ContainsKey(code.Id)) return (state, false);
        var kept = state.RedeemedCodes.RemoveRange(state.RedeemedCodes.Where(c => c.Value < request.Now).Select(c => c.Key));
        return (state with { RedeemedCodes = kept.Add(code.Id, code.IssuedAt + CodeLife) }, true);
    });
}
