using System.Net;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Run;

/// <summary>The guide's steps, in its order, done by a program as a person would do them; then one mail, all the way round.</summary>
internal sealed class Demonstration(LabConnection lab, GatewayProcess gateway, DevSettings settings, Steps steps)
{
    internal const string Lab = "demo";
    internal const string Support = "support@contoso.example";
    private const string Customer = "ann@fabrikam.example";

    public async Task SetUpAsync(CancellationToken cancel)
    {
        var app = await steps.TakeAsync("Open an Email app: forwarding address and call back URL", () => gateway.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel));
        var contoso = await steps.TakeAsync("Register the application in Entra ID, with a client secret", () => RegisterAsync(app, cancel));
        await steps.TakeAsync("Tick Authenticated SMTP, allow forwarding outside, forward the mailbox", () => PrepareMailboxAsync(contoso, app, cancel));
        await steps.TakeAsync("Enter the application's ids in the Email app", () => ConfigureAsync(contoso, app, cancel));
        await steps.TakeAsync("Authorise: sign in as the mailbox, consent, call back", () => AuthoriseAsync(contoso, Id(app), cancel));
        await steps.TakeAsync("Switch the acknowledgement on", () => AcknowledgeAsync(Id(app), cancel));
    }

    /// <summary>A customer writes from outside and is answered; the newest journey is returned.</summary>
    public async Task<JsonElement> RoundTripAsync(CancellationToken cancel)
    {
        var subject = $"Where is my order {Random.Shared.Next(1000, 9999)}?";
        var sent = await steps.TakeAsync($"{Customer} writes to {Support}", () => lab.Control.SendAsync(
            HttpMethod.Post, $"labs/{Lab}/exchange/people/{Customer}/send",
            new { to = new[] { Support }, subject, text = "Hello,\n\nmy order has not come yet. When may I expect it?\n\nAnn" }, cancel));
        await steps.TakeAsync($"{Customer} reads the answer", () => WaitForAnswerAsync(sent.GetProperty("messageId").GetString(), cancel));
        return await SettledJourneyAsync(subject, cancel);
    }

    private static string Id(JsonElement app) => app.GetProperty("id").GetString()!; // the API always gives one

    private Task<Contoso> RegisterAsync(JsonElement app, CancellationToken cancel) =>
        lab.ContosoAsync(Lab, app.GetProperty("callbackUrl").GetString()!, cancel); // the API always gives one

    private async Task PrepareMailboxAsync(Contoso contoso, JsonElement app, CancellationToken cancel)
    {
        await lab.Control.SetPermissionsAsync(
            contoso.DirectoryId, contoso.ClientId, [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated")], cancel);
        await lab.Control.SetMailboxSmtpAuthAsync(contoso.DirectoryId, Support, enabled: true, cancel);
        await lab.Control.SendAsync(
            HttpMethod.Put, $"labs/{Lab}/exchange/routes/{GatewayProcess.InboundDomain}", new { target = $"127.0.0.1:{settings.GatewaySmtp}" }, cancel);
        await lab.Control.SetAutoForwardingAsync(contoso.DirectoryId, "on", cancel); // a new directory forbids forwarding outside
        await lab.Control.SetForwardingAsync(
            contoso.DirectoryId, Support, app.GetProperty("forwardingAddress").GetString(), keepCopy: true, cancel);
    }

    private Task ConfigureAsync(Contoso contoso, JsonElement app, CancellationToken cancel) => gateway.SendAsync(
        HttpMethod.Put, $"/api/v1/apps/{Id(app)}",
        new
        {
            version = app.GetProperty("version").GetInt64(),
            form = new
            {
                preset = "microsoft365",
                assetName = "Contoso support",
                emailId = Support,
                userName = Support,
                authentication = "oauth2",
                directoryId = contoso.DirectoryId.ToString(),
                clientId = contoso.ClientId.ToString(),
                clientSecret = contoso.ClientSecret,
                secretExpiryUnknown = true,
            },
        },
        cancel);

    /// <summary>A real authorization-code flow: our session, Entra's pages, our call back.</summary>
    private async Task AuthoriseAsync(Contoso contoso, string app, CancellationToken cancel)
    {
        using var portal = new PortalBrowser(settings.PublicUrl);
        await portal.SignInAsync(GatewayProcess.AdminEmail, settings.AdminPassword, cancel);
        var authorize = await portal.LeaveAsync($"/authorise/{app}", cancel);
        using var browser = lab.Browser();
        var end = await browser.SignInAsync(authorize, contoso.Support, Contoso.Password, cancel);
        var callback = end.Callback ?? throw new DevFault($"The sign-in page stayed: {WebUtility.HtmlDecode(end.Html)}");
        await portal.OpenAsync(callback.PathAndQuery, cancel);
        var state = (await gateway.GetAsync($"/api/v1/apps/{app}", cancel)).GetProperty("state").GetString();
        if (state != "connected") throw new DevFault($"The app is {state} after the call back; see the gateway's log");
    }

    private async Task AcknowledgeAsync(string app, CancellationToken cancel)
    {
        var flow = await gateway.SendAsync(HttpMethod.Post, "/api/v1/flows/acknowledgement", new
        {
            name = "Acknowledgement",
            text = "Hello {{ message.from.name | default: message.from.address }},\n\nwe have your message \"{{ message.subject }}\" and answer within one working day.\n\nContoso support",
        }, cancel);
        await gateway.SendAsync(HttpMethod.Put, $"/api/v1/apps/{app}/flow", new { flowId = flow.GetProperty("id").GetString() }, cancel);
    }

    private async Task WaitForAnswerAsync(string? messageId, CancellationToken cancel)
    {
        var answer = await lab.Control.SendAsync(
            HttpMethod.Get,
            $"labs/{Lab}/exchange/mail/wait?mailbox={Customer}&folder=inbox&inReplyTo={Uri.EscapeDataString(messageId ?? "")}&seconds=60", null, cancel);
        if (answer.ValueKind == JsonValueKind.Undefined) throw new DevFault($"No answer reached {Customer} within a minute; open the journey in the portal");
    }

    /// <summary>The answer may be in the customer's hands a moment before its attempt is settled here.</summary>
    private async Task<JsonElement> SettledJourneyAsync(string subject, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            var lines = await gateway.GetAsync("/api/v1/journeys?limit=20", cancel);
            var line = lines.EnumerateArray().FirstOrDefault(candidate => candidate.GetProperty("subject").GetString() == subject);
            if (line.ValueKind != JsonValueKind.Undefined && (line.GetProperty("answerState").GetString() == "settled" || tries > 100))
            {
                return await gateway.GetAsync($"/api/v1/journeys/{line.GetProperty("messageId").GetString()}", cancel);
            }
            if (tries > 100) throw new DevFault("The gateway shows no journey for the mail; see its log");
            await Task.Delay(50, cancel);
        }
    }
}
