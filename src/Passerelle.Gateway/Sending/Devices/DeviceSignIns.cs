using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Sending.Devices;

/// <summary>What asking for a device code led to.</summary>
internal abstract record DeviceStart
{
    private DeviceStart() { }

    public sealed record Started(DeviceSignIn SignIn) : DeviceStart;

    public sealed record Refused(Finding Finding) : DeviceStart;

    public sealed record Later(string Reason) : DeviceStart;
}

/// <summary>Begins, shows, stops a sign-in on another device; <see cref="DevicePolling"/> brings it to its end.</summary>
internal sealed class DeviceSignIns(IStore store, Sealer sealer, DeviceRequests requests, Signals signals, TimeProvider time)
{
    public async Task<DeviceStart> StartAsync(EmailApp app, CancellationToken cancel) => await requests.StartAsync(app, cancel) switch
    {
        DeviceReply.Started started => new DeviceStart.Started(await KeepAsync(app, started, cancel)),
        DeviceReply.Failed failed => await RefuseAsync(app, failed.Finding),
        DeviceReply.Unreachable unreachable => new DeviceStart.Later(unreachable.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <returns>The last one, whatever became of it; null when there was none.</returns>
    public Task<DeviceSignIn?> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => DeviceSignIn.Find(tx, organisationId, appId), cancel);

    public Task<bool> StopAsync(DeviceSignIn signIn, CancellationToken cancel) =>
        store.WriteAsync(Lane.Work, tx => signIn.End(tx, DeviceSignIn.Stopped, null), cancel);

    private async Task<DeviceStart> RefuseAsync(EmailApp app, Finding finding)
    {
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                RefusedSignIns.Put(tx, app, "", finding, time.GetUtcNow());
                return true;
            },
            CancellationToken.None);
        return new DeviceStart.Refused(finding);
    }

    private async Task<DeviceSignIn> KeepAsync(EmailApp app, DeviceReply.Started started, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var row = new DeviceSignIn
        {
            OrganisationId = app.OrganisationId,
            AppId = app.Id,
            Id = id,
            AppVersion = app.Version,
            DeviceCode = sealer.Seal("device_sign_in", "device_code", app.OrganisationId, id, started.DeviceCode.Reveal()),
            UserCode = started.UserCode,
            VerificationUrl = started.VerificationUrl,
            Issuer = started.Issuer,
            IntervalSeconds = (long)started.Interval.TotalSeconds,
            StartedAt = now,
            ExpiresAt = started.ExpiresAt,
            NextPollAt = now + started.Interval,
            State = DeviceSignIn.Waiting,
        };
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                row.Put(tx);
                return true;
            },
            cancel);
        signals.DeviceSignIns.Raise();
        return row;
    }
}
