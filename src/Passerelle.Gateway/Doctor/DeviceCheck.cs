using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// A sign-in on another device begins without anybody: a code is asked for and asked about once, and then forgotten. The first
/// answer judges the client id, the second whether public client flows are allowed (facts/microsoft365.md §1.6).
/// </summary>
internal sealed class DeviceCheck(DeviceRequests devices, TokenRequests requests)
{
    /// <summary>Whether the provider knows the client id; nothing proves a public client.</summary>
    public async Task<Finding> ClientIdAsync(Patient patient, CancellationToken cancel) => await devices.StartAsync(patient.App, cancel) switch
    {
        DeviceReply.Started => Fine("E8", Probed, Phrase.Of("The provider knows the client id")),
        DeviceReply.Failed failed => failed.Finding,
        DeviceReply.Unreachable unreachable => Silent(patient, unreachable.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether the registration may be used from another device.</summary>
    public async Task<Finding> PublicClientAsync(Patient patient, CancellationToken cancel) => await devices.StartAsync(patient.App, cancel) switch
    {
        DeviceReply.Started started => await requests.DeviceAsync(patient.App, started.DeviceCode.Reveal(), cancel) switch
        {
            TokenReply.Issued or TokenReply.Failed { Error.Error: "authorization_pending" or "slow_down" } =>
                Fine("E3", Probed, Phrase.Of("The provider hands out device codes to this application and waits for who enters them")),
            TokenReply.Failed failed => DeviceRequests.Find(failed.Error),
            TokenReply.Unfit unfit => unfit.Finding,
            TokenReply.Unreachable unreachable => Silent(patient, unreachable.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        DeviceReply.Failed failed => failed.Finding,
        DeviceReply.Unreachable unreachable => Silent(patient, unreachable.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Finding Silent(Patient patient, string reason) =>
        DirectoryChecks.Unreachable(Uri.TryCreate(patient.App.TokenUrl, UriKind.Absolute, out var address) ? address.Host : patient.App.TokenUrl, reason);
}
