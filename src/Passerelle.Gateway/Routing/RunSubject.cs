using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;

namespace Passerelle.Gateway.Routing;

/// <summary>What a run is about: the message, its app, and what the bytes say beyond the columns.</summary>
/// <param name="IsOurs">The message carries a Message-ID of one of our letters.</param>
internal sealed record RunSubject(Message Message, IReadOnlyList<Attachment> Attachments, EmailApp App, ReadMail Mail, bool IsOurs)
{
    public IReadOnlyList<string> OwnAddresses => App.OwnAddresses;
}
