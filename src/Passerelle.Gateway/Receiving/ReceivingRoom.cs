using Microsoft.Extensions.Options;
using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Receiving;

internal static class ReceivingRoom
{
    public static WebApplicationBuilder AddReceiving(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReceivingOptions>().BindConfiguration("Receiving").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReceivingOptions>, ReceivingOptionsValidator>();
        builder.Services.AddSingleton(services => new ServerName(services.GetRequiredService<IOptions<ReceivingOptions>>().Value.Host));
        builder.Services.AddSingleton<ServerCertificate>();
        builder.Services.AddSingleton<Addressees>();
        builder.Services.AddSingleton<ReceiptIds>();
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<Doorkeeper>();
        builder.Services.AddSingleton<MailSockets>();
        builder.Services.AddSingleton<InboundDoor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<InboundDoor>());
        return builder;
    }
}
