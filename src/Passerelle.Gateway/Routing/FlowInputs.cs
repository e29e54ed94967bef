using Passerelle.Flows;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Mail;

namespace Passerelle.Gateway.Routing;

/// <summary>A stored message as flows see it; made of rows only, so that every step of a run sees the same.</summary>
internal static class FlowInputs
{
    public static FlowInput Of(Message message, IReadOnlyList<Attachment> attachments, EmailApp app, DateTimeOffset now)
    {
        var parties = message.Parties;
        return new FlowInput
        {
            App = new FlowApp(app.AssetName, app.EmailId),
            Now = now,
            Message = new FlowMessage
            {
                Id = message.Id.ToString(),
                Kind = message.Kind,
                From = parties.From.Select(ToFlow).FirstOrDefault(),
                To = [.. parties.To.Select(ToFlow)],
                Cc = [.. parties.Cc.Select(ToFlow)],
                Subject = message.Subject,
                Text = message.Text,
                ReplyText = ReplyText.Of(message.Text),
                Date = message.SentAt,
                MessageId = message.InternetId.Length > 0 ? message.InternetId : null,
                Verdict = message.Verdict,
                Attachments = [.. attachments.Select(part => new FlowAttachment(part.Name, part.Type, part.Size))],
            },
        };
    }

    private static FlowParty ToFlow(Party party) => new(party.Address, party.Name.Length > 0 ? party.Name : null);
}
