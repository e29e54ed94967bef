using Microsoft.Extensions.Options;
using Passerelle.Gateway.Cluster;
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
        builder.Services.AddOnOneNode<AlarmWatch>();
        builder.Services.AddOnOneNode<AlarmMails>();
        builder.Services.AddHostedService<WebhookWorker>();
        builder.Services.AddOnOneNode<EventTellingWorker>();
        builder.Services.AddHostedService<DeliveryWorker>();
        return builder;
    }
}
