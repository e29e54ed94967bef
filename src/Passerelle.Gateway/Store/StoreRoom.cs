using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store;

internal static class StoreRoom
{
    public static WebApplicationBuilder AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StoreOptions>().BindConfiguration("Store").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IStore>(services => Opening.Open(
            services.GetRequiredService<IOptions<StoreOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Passerelle.Gateway.Store")));
        builder.Services.AddDataProtection().SetApplicationName("Passerelle");
        builder.Services.AddSingleton<Sealer>();
        builder.Services.AddSingleton<RawMails>();
        return builder;
    }
}
