using System.Security.Cryptography;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>One forwarding address of an app, present or former.</summary>
internal sealed record ForwardingAddress
{
    public required string Address { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: the present one. Until then its mail is like any other; later mail is held for an admin.</summary>
    public DateTimeOffset? OverlapUntil { get; init; }

    /// <summary>Null: mail is taken. An admin closed it: 550 5.1.1 since then.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
    public DateTimeOffset? LastReceivedAt { get; init; }

    public bool IsPresent => OverlapUntil is null;
}

/// <summary>
/// Gives an app another forwarding address. The old one goes on for a while, so that the forwarding can be changed in
/// peace; after that its mail is held rather than refused, for a refusal would lose what nobody changed in time. Only an
/// admin closes an address.
/// </summary>
internal sealed class ForwardingAddresses(IStore store, Installations installations, TimeProvider time)
{
    public const int DefaultDays = 14;
    public const int MostDays = 90;

    /// <summary>128 random bits @ the inbound domain.</summary>
    public static string New(Installation installation) => $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{installation.InboundDomain}";

    /// <returns>The present one first, then former ones, youngest first.</returns>
    public Task<List<ForwardingAddress>> ListAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<ForwardingAddress>(
            """
            SELECT address, created_at, overlap_until, closed_at, last_received_at FROM forwarding_address
            WHERE organisation_id = @organisation AND app_id = @appId
            ORDER BY CASE WHEN overlap_until IS NULL THEN 0 ELSE 1 END, created_at DESC, address
            """,
            new { appId }),
        cancel);

    /// <param name="days">How long the old address goes on as before; 0 to <see cref="MostDays"/>.</param>
    /// <returns>The new address; null when there is no such app, or it is retired.</returns>
    public async Task<string?> RotateAsync(Guid organisationId, Guid appId, int days, CancellationToken cancel)
    {
        var address = New(await installations.GetAsync(cancel));
        var now = time.GetUtcNow();
        var until = now.AddDays(Math.Clamp(days, 0, MostDays));
        return await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (AppRows.Find(tx, organisationId, appId) is not { State: not AppState.Retired } app) return null;
                var sql = tx.For(organisationId);
                sql.Execute(
                    "UPDATE forwarding_address SET overlap_until = @until WHERE organisation_id = @organisation AND address = @ForwardingAddress",
                    new { app.ForwardingAddress, until });
                sql.Execute(
                    "INSERT INTO forwarding_address (organisation_id, address, app_id, created_at) VALUES (@organisation, @address, @appId, @now)",
                    new { address, appId, now });
                sql.Execute(
                    """
                    UPDATE app SET forwarding_address = @address, former_addresses = @former
                    WHERE organisation_id = @organisation AND id = @appId
                    """,
                    new { appId, address, former = $"{app.FormerAddresses} {app.ForwardingAddress}".Trim() });
                return address;
            },
            cancel);
    }

    /// <summary>Mail to a former address is refused from now on. The caller lets Receiving forget it.</summary>
    /// <returns>False when it is the present one, closed already, or not this app's.</returns>
    public Task<bool> CloseAsync(Guid organisationId, Guid appId, string address, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisationId).Execute(
            """
            UPDATE forwarding_address SET closed_at = @now
            WHERE organisation_id = @organisation AND address = @address AND app_id = @appId
              AND overlap_until IS NOT NULL AND closed_at IS NULL
            """,
            new { appId, address = address.Trim().ToLowerInvariant(), now = time.GetUtcNow() }) == 1,
        cancel);
}
