namespace Passerelle.Gateway.Queue;

internal static class QueueRoom
{
    public static WebApplicationBuilder AddQueue(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Signals>();
        builder.Services.AddSingleton<Ownerships>();
        return builder;
    }
}
