using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>What a successful authorize request carries back.</summary>
internal sealed class AuthorizeGrant(Sealer sealer, TokenMint mint)
{
    public IResult Give(Asked asked, LabUser user, SignInSession session, StsTrace trace)
    {
        if (asked.Request.Errand is Errand.Device) return GiveDevice(asked, user, session, trace);
        ImmutableArray<string> types = asked.Request.ResponseTypes;
        var grant = types.Contains("code") ? Code(asked, user, session) : null;
        (var token, var seconds) = types.Contains("token") ? AccessToken(asked, user, session) : (null, 0);
        var code = grant is null ? null : sealer.Seal(grant);
        AuthorizeJournal.Given(asked, user, string.Join(' ', types), trace, grant?.Id, token);
        var fields = new List<(string, string?)> { ("code", code) };
        if (token is not null)
        {
            fields.Add(("access_token", token));
            fields.Add(("token_type", "Bearer"));
            fields.Add(("expires_in", seconds.ToString(CultureInfo.InvariantCulture)));
        }

        if (types.Contains("id_token"))
            fields.Add(("id_token", mint.Id(asked.Place, asked.App, user, asked.Scopes, asked.Request.Nonce, code, token,
                asked.Request.Errand is Errand.OldSignIn)));
        if (asked.Request.WantsClientInfo) fields.Add(("client_info", UserTokens.ClientInfo(user.Id, asked.Place.Directory.Id)));
        fields.Add(("session_state", asked.Place.Lab.NewId().ToString()));
        return new ReturnAnswer(asked.Return, fields);
    }

    private static IResult GiveDevice(Asked asked, LabUser user, SignInSession session, StsTrace trace)
    {
        DeviceCodes.Settle(asked.Place.Lab, asked.Request.DeviceId ?? "", grant => grant with
        {
            State = DeviceState.Approved,
            DirectoryId = asked.Place.Directory.Id,
            UserId = user.Id,
            SignedInAt = session.SignedInAt,
            MfaAt = session.MfaAt,
        });
        AuthorizeJournal.Given(asked, user, "device", trace);
        return IdentityPages.DevicePage(null, done: true);
    }

    private static CodeGrant Code(Asked asked, LabUser user, SignInSession session) => new()
    {
        Id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        DirectoryId = asked.Place.Directory.Id,
        ClientId = asked.App.ClientId,
        UserId = user.Id,
        RedirectUri = asked.Return.Uri,
        Platform = asked.Return.Platform,
        Scope = asked.Request.Scope!, // the reader refuses a request without one
        RedirectGiven = asked.Request.RedirectUri is not null,
        SignedInAt = session.SignedInAt,
        MfaAt = session.MfaAt,
        IssuedAt = asked.Place.Lab.Time.GetUtcNow(),
        Nonce = asked.Request.Nonce,
        Challenge = asked.Request.Challenge,
        Sha256Challenge = asked.Request.ChallengeMethod == "S256",
    };

    private (string Token, int Seconds) AccessToken(Asked asked, LabUser user, SignInSession session)
    {
        var seconds = RandomNumberGenerator.GetInt32(3600, 5401);
        LabDirectory now = asked.Place.Lab.State.Directory(asked.Place.Directory.Id) ?? asked.Place.Directory; // consent may just have been given
        var granted = Consent.Granted(now, asked.App.ClientId, user.Id, asked.Scopes.Target.Resource);
        return (mint.ForUser(asked.Place, asked.App, user, asked.Scopes.Target.Audience, granted, proof: "0",
            session.MfaAt is not null, seconds), seconds);
    }
}
