using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>What every grant for a person has in common: the last checks, and the answer.</summary>
internal sealed class UserTokens(TokenMint mint, Sealer sealer)
{
    public static readonly TimeSpan SinglePageLife = TimeSpan.FromHours(24);

    /// <param name="origin">Where the tokens come from; its scope is used when the request names none.</param>
    public TokenAnswer Issue(KnownRequest request, RefreshGrant origin, string? nonce, Door door)
    {
        LabDirectory directory = request.Place.Directory;
        (Scopes? scopes, StsError? error) = Scopes.Parse(request.Fields.Scope ?? origin.Scope, request.App, directory);
        if (scopes is null) return error!; // one of the two is there
        if (request.Fields.Scope is not null && scopes.Wanted.Length > 1) return StsErrors.ScopesIncompatible(request.Fields.Scope);
        if (directory.User(origin.UserId) is not { } user) return StsErrors.UserNotFound(origin.UserId.ToString(), directory);

        ResourceScopes target = scopes.Target;
        if (ResourceRules.Fault(directory, request.App, target.Resource, target.Audience, appOnly: false) is { } unavailable) return unavailable;
        ImmutableArray<string> granted = Consent.Granted(directory, request.App.ClientId, user.Id, target.Resource);
        if (Consent.Missing(directory, request.App, user.Id, scopes with { Wanted = [target], SignIn = [] }).Length > 0)
            return StsErrors.NotConsented(request.App);
        var facts = new SignInFacts(origin.SignedInAt, origin.MfaAt, door);
        if (AccessRules.Fault(directory, request.Client, user, facts, request.Now) is { } fault) return fault;

        var seconds = RandomNumberGenerator.GetInt32(3600, 5401);
        Scopes asked = Scopes.Parse(origin.Scope, request.App, directory).Scopes ?? scopes;
        var scp = target.Resource == Resources.Graph ? granted.Except(["offline_access"]) : granted;
        return new TokenAnswer.Issued(new TokenReply
        {
            ExpiresIn = seconds,
            AccessToken = mint.ForUser(
                request.Place, request.App, user, target.Audience, scp, request.Fields.Proof, origin.MfaAt is not null, seconds),
            Scope = string.Join(' ', scp.Select(name => target.Resource == Resources.Graph ? name : $"{target.Audience}/{name}")),
            Resource = target.Audience,
            RefreshToken = asked.Offline ? Renew(request, origin) : null,
            IdToken = asked.OpenId || scopes.OpenId
                ? mint.Id(request.Place, request.App, user, asked, nonce, old: request.Fields.Old)
                : null,
            ClientInfo = request.Fields.WantsClientInfo ? ClientInfo(user.Id, directory.Id) : null,
        });
    }

    /// <summary>Base64url of <c>{"uid","utid"}</c>; MSAL names the account by it.</summary>
    public static string ClientInfo(Guid user, Guid directory) =>
        WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(new { uid = user, utid = directory }));

    /// <summary>A new one each time; the old one stays good until it has been idle too long (facts §1.12).</summary>
    private string Renew(KnownRequest request, RefreshGrant origin) => sealer.Seal(origin with
    {
        IssuedAt = request.Now,
        FixedEnd = origin.FixedEnd ?? (origin.Platform is RedirectPlatform.Spa ? request.Now + SinglePageLife : null),
    });
}
