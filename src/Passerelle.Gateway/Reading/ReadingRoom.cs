using Microsoft.Extensions.Options;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Reading;

internal static class ReadingRoom
{
    private static readonly string[] Microsoft = ["microsoft.com"];

    public static WebApplicationBuilder AddReading(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReadingOptions>().BindConfiguration("Reading").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReadingOptions>, ReadingOptionsValidator>();
        builder.Services.AddSingleton<DnsTxt>();
        builder.Services.AddSingleton(services => new Authenticity(
            services.GetRequiredService<DnsTxt>(),
            services.GetRequiredService<IOptions<ReadingOptions>>().Value.TrustedSealers is { Count: > 0 } named ? named : Microsoft));
        builder.Services.AddSingleton<Reader>();
        builder.Services.AddHostedService<ReadingWorker>();
        return builder;
    }
}
