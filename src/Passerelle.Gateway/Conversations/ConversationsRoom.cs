namespace Passerelle.Gateway.Conversations;

internal static class ConversationsRoom
{
    public static WebApplicationBuilder AddConversations(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Replies>().AddSingleton<Rearrangements>().AddSingleton<ConversationNeighbours>().AddSingleton<ConversationPages>();
        return builder;
    }
}
