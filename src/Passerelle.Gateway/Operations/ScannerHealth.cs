using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Operations;

/// <summary>Degraded while mail waits for a scanner. Never unhealthy: mail is accepted all the same.</summary>
internal sealed class ScannerHealth(IStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(UnscannedMail.OfAll, cancellationToken) is { } waiting
                ? HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"{waiting.Count} mails wait for a scanner: {waiting.Reason}"))
                : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is StoreUnavailable or TimeoutException)
        {
            return HealthCheckResult.Degraded("The store cannot be asked");
        }
    }
}
