using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Tokens;

internal static class TokensRoom
{
    public static WebApplicationBuilder AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TokensOptions>().BindConfiguration("Tokens").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TokensOptions>, TokensOptionsValidator>();
        builder.Services.AddSingleton<ClientProofs>();
        builder.Services.AddSingleton<TokenRequests>();
        builder.Services.AddSingleton<DeviceRequests>();
        builder.Services.AddSingleton<AdminConsents>();
        builder.Services.AddSingleton<OwnerLinks>();
        builder.Services.AddSingleton<GrantRenewal>();
        builder.Services.AddSingleton<TokenSource>();
        builder.Services.AddSingleton<GraphTokens>();
        builder.Services.AddSingleton<Providers>();
        builder.Services.AddSingleton<Discovery>();
        builder.Services.AddSingleton<IdTokens>();
        builder.Services.AddSingleton<Authorisations>();
        builder.Services.AddOnOneNode<GrantKeeper>();
        return builder;
    }
}
