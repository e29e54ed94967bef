using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Hosting;

internal static class HttpRoom
{
    public static WebApplicationBuilder AddHttp(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<HttpOptions>().BindConfiguration("Http").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<HttpOptions>, HttpOptionsValidator>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, HttpDoor>();
        builder.Services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, HttpDoor>();
        return builder;
    }
}
