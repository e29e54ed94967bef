namespace Passerelle.Gateway.Messages;

internal static class MessagesRoom
{
    public static WebApplicationBuilder AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StoredMessages>();
        builder.Services.AddSingleton<HeldMail>();
        builder.Services.AddSingleton<MailSources>();
        builder.Services.AddSingleton<ShownSource>();
        return builder;
    }
}
