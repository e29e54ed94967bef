using Microsoft.Extensions.Options;
using Passerelle.Gateway.Queue.Returns;

namespace Passerelle.Gateway.Queue;

internal static class QueueRoom
{
    public static WebApplicationBuilder AddQueue(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<QueueOptions>().BindConfiguration("Queue").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<QueueOptions>, QueueOptionsValidator>();
        builder.Services.AddSingleton<Signals>();
        if (builder.Configuration.GetValue<bool>("Cluster:Enabled")) builder.Services.AddHostedService<Nudges>();
        builder.Services.AddSingleton<BackgroundThreads>();
        builder.Services.AddSingleton<Rush>();
        builder.Services.AddSingleton<Letters>();
        builder.Services.AddSingleton<LetterRecovery>();
        builder.Services.AddSingleton<LetterActions>();
        builder.Services.AddSingleton<AnswerCaps>();
        builder.Services.AddSingleton<LetterEvents>();
        builder.Services.AddSingleton<QueueView>();
        builder.Services.AddSingleton<LetterPages>();
        builder.Services.AddSingleton<Suppressions>();
        builder.Services.AddSingleton<Quarantine>();
        builder.Services.AddHostedService<ClockWatch>();
        return builder;
    }
}
