using System.Net;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Outbound;

internal static class OutboundRoom
{
    public static WebApplicationBuilder AddOutbound(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OutboundOptions>().BindConfiguration("Outbound").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OutboundOptions>, OutboundOptionsValidator>();
        builder.Services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
        builder.Services.AddSingleton<OutboundPolicy>();
        builder.Services.AddSingleton<OutboundTrust>();
        builder.Services.AddSingleton<OutboundHttp>();
        return builder;
    }
}
