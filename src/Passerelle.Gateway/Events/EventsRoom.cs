using Microsoft.Extensions.Options;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Events.Webhooks;

namespace Passerelle.Gateway.Events;

internal static class EventsRoom
{
    public static WebApplicationBuilder AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EventsOptions>().BindConfiguration("Events").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EventsOptions>, EventsOptionsValidator>();
        builder.Services.AddSingleton<AlarmSettings>();
        builder.Services.AddSingleton<Silences>();
        builder.Services.AddSingleton<AlarmTelling>();
        builder.Services.AddSingleton<AlarmLetters>();
        builder.Services.AddSingleton<WebhookPosts>().AddSingleton<WebhookCalls>();
        builder.Services.AddSingleton<WebhookSettings>().AddSingleton<Deliveries>().AddSingleton<EventTelling>();
        builder.Services.AddHostedService<AlarmWatch>();
        builder.Services.AddHostedService<AlarmMails>();
        builder.Services.AddHostedService<WebhookWorker>();
        builder.Services.AddHostedService<EventTellingWorker>();
        builder.Services.AddHostedService<DeliveryWorker>();
        return builder;
    }
}
