using System.Text.Json;
using System.Text.Json.Nodes;
using Passerelle.Flows.Liquid;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Routing;
using Passerelle.Mail.Replies;

namespace Passerelle.Gateway.Portal;

/// <summary>A template in a person's reply.</summary>
internal static class TemplateWords
{
    /// <summary><c>message</c> and <c>app</c>, as a flow sees them.</summary>
    public static JsonObject Variables(Message message, IReadOnlyList<Attachment> attachments, EmailApp app, DateTimeOffset now)
    {
        var input = FlowInputs.Of(message, attachments, app, now);
        return new JsonObject
        {
            ["message"] = JsonSerializer.SerializeToNode(input.Message, JsonSerializerOptions.Web),
            ["app"] = JsonSerializer.SerializeToNode(input.App, JsonSerializerOptions.Web),
        };
    }

    /// <returns>The text; or null and what is wrong, in the reader's language.</returns>
    public static (string? Text, string? Problem) Of(TemplateFilling filling, Texts words) => filling switch
    {
        TemplateFilling.Filled filled => (filled.Text ?? Alternatives.TextOf(filled.Html ?? ""), null),
        TemplateFilling.Missing { Variables: [var one, ..] } => (null, words["templates.missing", one.Name, one.Line, one.Column]),
        TemplateFilling.Failed failed => (null, Sentences.In(failed.Fault.Sentence)),
        _ => (null, null),
    };
}
