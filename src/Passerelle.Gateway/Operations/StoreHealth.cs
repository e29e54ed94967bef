using Microsoft.Extensions.Diagnostics.HealthChecks;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations;

/// <summary>Ready means: a row can be written and read back now, as accepting mail needs.</summary>
internal sealed class StoreHealth(IStore store, DiskRoom room, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(
                Lane.Maintenance,
                tx => tx.Across("a beat that proves the disk").Execute(
                    """
                    INSERT INTO installation (name, value) VALUES ('beat', @beat)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """,
                    new { beat = time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture) }),
                cancellationToken);
            return room.Holds(0) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The disk is nearly full");
        }
        catch (StoreUnavailable failure)
        {
            return HealthCheckResult.Unhealthy(failure.DiskFull ? "The disk is full" : "The store cannot write");
        }
    }
}
