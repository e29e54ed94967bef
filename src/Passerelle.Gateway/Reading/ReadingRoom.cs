using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps.Delivery;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Reading.Scanning;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Reading;

internal static class ReadingRoom
{
    public static WebApplicationBuilder AddReading(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReadingOptions>().BindConfiguration("Reading").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReadingOptions>, ReadingOptionsValidator>();
        builder.Services.AddSingleton<DnsResolver>();
        builder.Services.AddSingleton(services => new Authenticity(
            services.GetRequiredService<DnsResolver>(),
            services.GetRequiredService<IOptions<ReadingOptions>>().Value.TrustedSealers is { Count: > 0 } named ? named : Authenticity.UsualSealers,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ServerName>().Value));
        builder.Services.AddSingleton(services => new Recognition(
            services.GetRequiredService<DnsResolver>(), services.GetRequiredService<DelivererList>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<ClamAv>().AddSingleton<Rspamd>().AddSingleton<Scanners>();
        builder.Services.AddSingleton<Reader>();
        builder.Services.AddHostedService<ReadingWorker>();
        return builder;
    }
}
