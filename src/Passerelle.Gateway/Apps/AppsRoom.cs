using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps.Credentials;
using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Apps;

internal static class AppsRoom
{
    public static WebApplicationBuilder AddApps(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AppsOptions>().BindConfiguration("Apps").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AppsOptions>, AppsOptionsValidator>();
        builder.Services.AddSingleton<Preset>();
        builder.Services.AddSingleton<Installations>();
        builder.Services.AddSingleton<EmailApps>();
        builder.Services.AddSingleton<Certificates.ClientCertificates>();
        builder.Services.AddSingleton<ForwardingAddresses>().AddSingleton<Retirements>();
        builder.Services.AddSingleton<Delivery.DelivererList>().AddSingleton<Delivery.DeliveryRules>();
        builder.Services.AddSingleton<Keeping.Retentions>();
        builder.Services.AddSingleton<AppDocuments>();
        builder.Services.AddOnOneNode<AppCalendar>();
        builder.Services.AddSingleton<Breakages>();
        builder.Services.AddSingleton<CredentialCalendar>();
        return builder;
    }
}
