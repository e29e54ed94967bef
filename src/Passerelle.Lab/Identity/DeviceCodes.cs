using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>The device code flow (facts §1.6): a program shows a code, a person enters it elsewhere, the program polls.</summary>
internal sealed class DeviceCodes(Labs labs, UserTokens tokens)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    /// <summary>Without letters and digits that look alike.</summary>
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>The answer of /devicecode.</summary>
    public static JsonObject HandOut(Twin lab, AppRegistration app, string scope, string page)
    {
        var id = "DAQ" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 120);
        var userCode = RandomNumberGenerator.GetString(Alphabet, 9);
        var grant = new DeviceGrant { UserCode = userCode, ClientId = app.ClientId, Scope = scope, IssuedAt = lab.Time.GetUtcNow() };
        lab.Change(state =>
        {
            var over = state.DeviceGrants.Where(g => g.Value.IssuedAt + Life + Life < grant.IssuedAt).Select(g => g.Key);
            return state with { DeviceGrants = state.DeviceGrants.RemoveRange(over).Add(id, grant) };
        });
        return new JsonObject
        {
            ["user_code"] = userCode,
            ["device_code"] = id,
            ["verification_uri"] = page,
            ["expires_in"] = (int)Life.TotalSeconds,
            ["interval"] = 5,
            ["message"] = $"To sign in, use a web browser to open the page {page} and enter the code {userCode} to authenticate.",
        };
    }

    /// <summary>Where a poll belongs: the directory of the one who approved, else the application's own.</summary>
    public DirectoryPlace? PlaceOf(string deviceCode, string? clientId)
    {
        foreach (Twin lab in labs.All)
        {
            if (!lab.State.DeviceGrants.TryGetValue(deviceCode, out DeviceGrant? grant)) continue;
            LabDirectory? directory = grant.DirectoryId is { } id ? lab.State.Directory(id)
                : lab.State.Directories.FirstOrDefault(d => d.Registration(grant.ClientId) is not null);
            return directory is null ? null : new DirectoryPlace(lab, directory);
        }

        return clientId is not null && Clients.FindAnywhere(labs, clientId) is { } found ? found.Home : null;
    }

    /// <returns>The grant behind what a person typed; case and spaces do not matter.</returns>
    public (Twin Lab, string Id, DeviceGrant Grant)? Typed(string userCode)
    {
        var wanted = userCode.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        foreach (Twin lab in labs.All)
        {
            foreach ((var id, DeviceGrant grant) in lab.State.DeviceGrants)
            {
                if (grant.UserCode.Equals(wanted, StringComparison.OrdinalIgnoreCase)) return (lab, id, grant);
            }
        }

        return null;
    }

    /// <returns>What is wrong with a code that a person typed; null when it waits for an answer.</returns>
    public static StsError? TypedFault(DeviceGrant grant, DateTimeOffset now) => grant switch
    {
        _ when now - grant.IssuedAt > Life => StsErrors.DeviceCodeUsed,
        { State: not DeviceState.Pending } => StsErrors.DeviceCodeUsed,
        _ => null,
    };

    public static void Settle(Twin lab, string id, Func<DeviceGrant, DeviceGrant> change) => lab.Change(state =>
        state.DeviceGrants.TryGetValue(id, out DeviceGrant? grant) && grant.State is DeviceState.Pending
            ? state with { DeviceGrants = state.DeviceGrants.SetItem(id, change(grant)) }
            : state);

    /// <summary>grant_type=device_code, under both spellings.</summary>
    public TokenAnswer Poll(KnownRequest request)
    {
        if (request.Fields.DeviceCode is not { } sent) return StsErrors.Missing("device_code");
        if (!request.App.AllowPublicClient)
            return request.Fields.Credentials > 0 ? StsErrors.DeviceFlowConfidential : StsErrors.NoCredential;
        if (ClientProof.Check(request, platform: null, StsErrors.NoCredential) is { } unproven) return unproven;

        Twin lab = request.Place.Lab;
        if (!lab.State.DeviceGrants.TryGetValue(sent, out DeviceGrant? grant)) return StsErrors.DeviceCodeUnknown;
        if (grant.ClientId != request.App.ClientId) return StsErrors.CodeOfOtherClient;
        if (request.Now - grant.IssuedAt > Life) return StsErrors.DeviceCodeExpired;
        return grant.State switch
        {
            DeviceState.Pending => StsErrors.DevicePending,
            DeviceState.Declined => StsErrors.Declined with { Error = "authorization_declined" },
            DeviceState.Redeemed => StsErrors.CodeRedeemed,
            _ => Redeem(request, sent, grant),
        };
    }

    private TokenAnswer Redeem(KnownRequest request, string id, DeviceGrant grant)
    {
        var first = request.Place.Lab.Change(state =>
            state.DeviceGrants.TryGetValue(id, out DeviceGrant? now) && now.State is DeviceState.Approved
                ? (state with { DeviceGrants = state.DeviceGrants.SetItem(id, now with { State = DeviceState.Redeemed }) }, true)
                : (state, false));
        if (!first || grant.UserId is not { } user) return StsErrors.CodeRedeemed;
        return tokens.Issue(request, new RefreshGrant
        {
            DirectoryId = request.Place.Directory.Id,
            ClientId = grant.ClientId,
            UserId = user,
            Scope = grant.Scope,
            SignedInAt = grant.SignedInAt,
            MfaAt = grant.MfaAt,
            IssuedAt = request.Now,
        }, nonce: null, Door.Device);
    }
}
