using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Polling;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Routing.Flows;
using Passerelle.Gateway.Templates;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Api;

/// <summary>One of everything that an organisation can own, made the way it is really made.</summary>
internal sealed record Belongings(Guid App, Guid Flow, Guid Message, Guid Letter, Guid Hold, Guid Export, Guid Conversation, Guid Webhook, Guid Delivery, Guid Template)
{
    public static async Task<Belongings> OfAsync(LiveGateway gateway, Guid organisation)
    {
        var cancel = LiveGateway.Cancel;
        var app = await gateway.Get<EmailApps>().OpenDraftAsync(organisation, cancel);
        await gateway.Get<EmailApps>().KeepDraftAsync(
            organisation, app.Id, AppForm.Of(app) with { AssetName = "Support", EmailId = "support@contoso.example" }, cancel);
        await gateway.Get<MailboxPolls>().BeginAsync(MayRead(app), cancel);
        var (json, _) = AcknowledgementForm.ToFlow("Acknowledge", "Hello");
        var flow = await gateway.Get<FlowLibrary>().CreateAsync(organisation, "Acknowledge", json!, cancel); // a valid template
        var letter = await gateway.Get<TestLetters>().SendAsync(organisation, app.Id, cancel);
        var message = await MessageAsync(gateway, organisation, app.ForwardingAddress);
        var webhook = ((WebhookOutcome.Saved)await gateway.Get<WebhookSettings>().MakeAsync(
            organisation, null, new WebhookForm("Ledger", "https://ledger.fabrikam.example/hook", ["letter.bounced"], IsOn: false), cancel)).Webhook.Id;
        var delivery = await gateway.Get<WebhookSettings>().TestAsync(organisation, webhook, cancel);
        var template = (TemplateOutcome.Saved)await gateway.Get<TemplateLibrary>().MakeAsync(
            organisation, null, new TemplateForm($"welcome-{app.Id:N}", "Hello", "Hello", "", "{}"), cancel);
        var hold = (HoldOutcome.Placed)await gateway.Get<LegalHolds>().PlaceAsync(
            organisation, HoldScopes.Correspondent, $"{app.Id:N}@fabrikam.example", "test", null, cancel);
        return new(app.Id, flow.Id, message, letter!.Value, hold.Hold.Id, await ExportAsync(gateway, organisation), // the app was made above
            (await gateway.Get<StoredMessages>().FindAsync(organisation, message, cancel))!.ConversationId, webhook, delivery!.Value, template.Template.Id); // both are there
    }

    /// <summary>The id that a route speaks of.</summary>
    public Guid IdFor(string route) => route.TrimStart('/').Replace("api/v1/", "", StringComparison.Ordinal).Split('/')[0] switch
    {
        "apps" or "authorise" => App,
        "flows" => Flow,
        "messages" or "journeys" => Message,
        "letters" or "v2" => Letter,
        "conversations" => Conversation,
        "webhooks" => Webhook,
        "webhook-deliveries" => Delivery,
        "templates" => Template,
        "settings" => Webhook,
        "holds" => Hold,
        "jobs" => Export,
        var other => throw new InvalidOperationException($"Say here what the id in {route} is of: {other}"),
    };

    /// <summary>A job that has ended and left its file.</summary>
    private static async Task<Guid> ExportAsync(LiveGateway gateway, Guid organisation)
    {
        var jobs = gateway.Get<KeepingJobs>();
        using var changed = gateway.Get<Signals>().Views.Listen();
        var ordered = (OrderOutcome.Ordered)await jobs.ExportAsync(organisation, new KeepingOrders(), null, LiveGateway.Cancel);
        while (await jobs.FindAsync(organisation, ordered.Job.Id, LiveGateway.Cancel) is not { State: "done" })
        {
            await changed.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, LiveGateway.Cancel);
        }
        return ordered.Job.Id;
    }

    private static Redemption MayRead(EmailApp app)
    {
        var now = TimeProvider.System.GetUtcNow();
        var tokens = new TokenReply.Issued(new SecretText("access"), now.AddHours(1), new SecretText("refresh"), null, "");
        return new(app, tokens, new SignedIn("support@contoso.example", "", ""), now);
    }

    /// <summary>A mail that arrives and is read; the newest message that is not <paramref name="known"/>.</summary>
    public static async Task<Guid> MessageAsync(LiveGateway gateway, Guid organisation, string forwardingAddress, Guid known = default)
    {
        using var changed = gateway.Get<Signals>().Views.Listen();
        await SendAsync(gateway.Get<InboundDoor>().Endpoints[0].Port, forwardingAddress);
        while (true)
        {
            var page = await gateway.Get<StoredMessages>().ListAsync(organisation, null, null, 1, LiveGateway.Cancel);
            if (page.Lines is [var line] && line.Id != known) return line.Id;
            await changed.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, LiveGateway.Cancel);
        }
    }

    private static async Task SendAsync(int port, string to)
    {
        var body = new BodyBuilder { TextBody = "The blue one is broken.", HtmlBody = "<p>The blue one is broken.</p>" };
        body.Attachments.Add("order.txt", "one blue"u8.ToArray());
        var mail = new MimeMessage(
            [new MailboxAddress("Ann", "ann@fabrikam.example")], [new MailboxAddress("", "support@contoso.example")], "Broken", body.ToMessageBody());
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.None, LiveGateway.Cancel);
        await client.SendAsync(mail, new MailboxAddress("", "ann@fabrikam.example"), [new MailboxAddress("", to)], LiveGateway.Cancel);
        await client.DisconnectAsync(true, LiveGateway.Cancel);
    }
}
