using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Polling;

/// <summary>The spare wheel: looks into the mailbox itself for what forwarding lost.</summary>
internal static class PollingRoom
{
    public static WebApplicationBuilder AddPolling(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PollingOptions>().BindConfiguration("Polling").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PollingOptions>, PollingOptionsValidator>();
        builder.Services.AddSingleton<MailboxServers>();
        builder.Services.AddSingleton<PollTokens>();
        builder.Services.AddSingleton<MailboxPolls>();
        builder.Services.AddSingleton<MailboxComparison>();
        builder.Services.AddHostedService<PollWorker>();
        return builder;
    }
}
