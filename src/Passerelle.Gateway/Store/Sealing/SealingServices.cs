using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Passerelle.Gateway.Store.Sealing;

internal static class SealingServices
{
    /// <summary>One ring for all that is protected here: sealed columns, cookies, circuits.</summary>
    public static IServiceCollection AddSealing(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddHostedService<KeyRingStart>();
        services.AddDataProtection().SetApplicationName("Passerelle");
        services.AddOptions<KeyManagementOptions>().Configure<KeyRing>((management, ring) =>
        {
            management.XmlRepository = ring;
            management.XmlEncryptor = new KeyFileEncryptor(ring);
        });
        return services.AddSingleton<Sealer>();
    }
}
