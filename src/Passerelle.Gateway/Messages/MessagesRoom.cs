using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages.Search;

namespace Passerelle.Gateway.Messages;

internal static class MessagesRoom
{
    public static WebApplicationBuilder AddMessages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StoredMessages>();
        builder.Services.AddSingleton<HeldMail>();
        builder.Services.AddSingleton<MailSources>();
        builder.Services.AddSingleton<ShownSource>();
        builder.Services.AddSingleton<MessageSearch>();
        builder.Services.AddOnOneNode<SearchCatchUp>();
        return builder;
    }
}
