using Microsoft.Extensions.Options;
using Passerelle.Gateway.Polling.Doubts;

namespace Passerelle.Gateway.Polling;

/// <summary>The spare wheel: looks into the mailbox itself for what forwarding lost, and for the copy of a letter in doubt.</summary>
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
        builder.Services.AddSingleton<SentItems>();
        builder.Services.AddSingleton<SentItemsByImap>();
        builder.Services.AddSingleton<SentItemsByGraph>();
        builder.Services.AddHostedService<DoubtWorker>();
        return builder;
    }
}
