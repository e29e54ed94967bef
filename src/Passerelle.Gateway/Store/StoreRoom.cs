using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store.Sealing;

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
        builder.Services.AddSealing();
        builder.Services.TryAddSingleton<FreeBytes>(DiskRoom.Measure);
        builder.Services.AddSingleton<DiskRoom>();
        if (!string.IsNullOrEmpty(builder.Configuration[$"Store:{nameof(StoreOptions.Blobs)}"])) builder.Services.AddSingleton<IKeptFiles, KeptBlobs>();
        builder.Services.AddSingleton<Spool>();
        builder.Services.AddSingleton<RawMails>();
        builder.Services.AddSingleton<Backup>();
        builder.Services.AddHostedService<SpoolSweep>();
        return builder;
    }
}
