using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;

namespace Passerelle.Gateway.Routing;

/// <summary>What a run is about: the message, its app, and what the bytes say beyond the columns.</summary>
/// <param name="IsOurs">The message carries a Message-ID of one of our letters.</param>
internal sealed record RunSubject(Message Message, IReadOnlyList<Attachment> Attachments, EmailApp App, ReadMail Mail, bool IsOurs)
{
    /// <summary>Texts that the flow's replies may name.</summary>
    public IReadOnlyDictionary<string, TemplateSource> Templates { get; init; } = new Dictionary<string, TemplateSource>();

    public IReadOnlyList<string> OwnAddresses => App.OwnAddresses;
}
