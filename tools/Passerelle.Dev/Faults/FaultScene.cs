using System.Text.Json;
using System.Text.Json.Nodes;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Faults;

/// <summary>
/// A directory in which everything is right, a gateway with a connected app that has carried a mail, and the hands that set one
/// thing wrong: the administrator's, the mailbox owner's, a customer's.
/// </summary>
internal sealed partial class FaultScene
{
    private const string App = "Contoso support";

    /// <summary>Also on a machine that does much else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly LabConnection _lab;
    private readonly IFaultGateway _gateway;

    private FaultScene(LabConnection lab, IFaultGateway gateway, Contoso contoso, JsonElement app)
    {
        (_lab, _gateway, Contoso) = (lab, gateway, contoso);
        AppId = app.GetProperty("id").GetGuid();
        ForwardingAddress = app.GetProperty("forwardingAddress").GetString()!; // the API always gives one
        Mail = new LabMail(lab.Control, contoso.Lab);
        Faults = new LabFaults(lab.Control, contoso.Lab);
        Flow = new LabMailFlow(lab.Control, contoso.DirectoryId);
        Submission = new LabSubmission(lab.Control, contoso.DirectoryId);
    }

    public Contoso Contoso { get; }
    public Guid AppId { get; }
    public string ForwardingAddress { get; }
    public LabMail Mail { get; }
    public LabFaults Faults { get; }
    public LabMailFlow Flow { get; }
    public LabSubmission Submission { get; }
    public LabControl Control => _lab.Control;
    public LabAddresses Lab => _lab.Endpoints;
    public IFaultGateway Gateway => _gateway;
    public Guid Directory => Contoso.DirectoryId;

    /// <param name="lab">Name of a lab that does not exist yet.</param>
    /// <param name="gateway">After its first run.</param>
    public static async Task<FaultScene> MakeAsync(LabConnection lab, string name, IFaultGateway gateway, CancellationToken cancel)
    {
        var app = await gateway.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel);
        var contoso = await lab.ContosoAsync(name, app.GetProperty("callbackUrl").GetString()!, cancel); // the API always gives one
        var scene = new FaultScene(lab, gateway, contoso, app);
        await scene.DoTheGuideAsync(cancel);
        return scene;
    }

    /// <summary>What the form holds when everything is right.</summary>
    public Dictionary<string, object> Form => new()
    {
        ["preset"] = "microsoft365",
        ["assetName"] = App,
        ["emailId"] = Contoso.Support,
        ["userName"] = Contoso.Support,
        ["authentication"] = "oauth2",
        ["directoryId"] = Directory.ToString(),
        ["clientId"] = Contoso.ClientId.ToString(),
        ["clientSecret"] = Contoso.ClientSecret,
        ["secretExpiryUnknown"] = true,
        ["warningsRead"] = true,
    };

    /// <summary>The same by hand, every address typed: nothing guards against what is typed then.</summary>
    public Dictionary<string, object> FormByHand(string? directory = null) => new(Form)
    {
        ["preset"] = "generic",
        ["smtpHost"] = Lab.Https.Host,
        ["smtpPort"] = $"{Lab.SmtpPort}",
        ["smtpSecurity"] = "starttls",
        ["authorizationUrl"] = $"{new Uri(Lab.Https, $"/{directory ?? Directory.ToString()}/oauth2/v2.0/authorize")}",
        ["tokenUrl"] = $"{new Uri(Lab.Https, $"/{directory ?? Directory.ToString()}/oauth2/v2.0/token")}",
        ["scope"] = "openid profile offline_access https://outlook.office.com/SMTP.Send",
    };

    public Task SaveAsync(string field, object value, CancellationToken cancel) => SaveAsync(new(Form) { [field] = value }, cancel);

    public Task SaveByHandAsync(string field, object value, CancellationToken cancel) => SaveAsync(new(FormByHand()) { [field] = value }, cancel);

    public async Task SaveAsync(Dictionary<string, object> form, CancellationToken cancel)
    {
        var version = (await AppAsync(cancel)).GetProperty("version").GetInt64();
        await _gateway.SendAsync(HttpMethod.Put, $"/api/v1/apps/{AppId}", new { version, form }, cancel);
    }

    public Task<JsonElement> AppAsync(CancellationToken cancel) => _gateway.SendAsync(HttpMethod.Get, $"/api/v1/apps/{AppId}", null, cancel);

    /// <summary>Presses Authorise and signs in, as far as Microsoft's pages let him.</summary>
    /// <param name="consent">False presses Cancel where consent is asked.</param>
    public async Task AuthoriseAsync(string login, bool consent, CancellationToken cancel)
    {
        using var portal = await _gateway.SignInAsync(cancel);
        var to = await portal.LeaveAsync($"/authorise/{AppId}", cancel);
        if (!to.IsAbsoluteUri || to.Port != Lab.Https.Port) return; // told at once why not
        using var browser = _lab.Browser();
        var end = await browser.SignInAsync(to, login, Contoso.Password, consent, cancel);
        if (end.Callback is { } callback) await portal.OpenAsync(callback.PathAndQuery, cancel);
    }

    /// <summary>A customer writes, and his mail goes as far as it can; the acknowledgement too.</summary>
    /// <param name="until">Part of the words of an attempt to answer that must have been seen; null: the answer arrives.</param>
    public async Task CustomerWritesAsync(string to, string? until, CancellationToken cancel)
    {
        var subject = $"Where is my order? {Guid.CreateVersion7():N}";
        var id = await Mail.WriteAsync(Contoso.Ann, to, subject, "It has not come.", cancel);
        if (until is null)
        {
            _ = await Mail.WaitAsync(Contoso.Ann, Patience, cancel, inReplyTo: id) ?? throw new DevFault("The customer got no answer although everything was right");
        }
        await JourneyTellsAsync(subject, until, cancel);
    }

    /// <summary>Presses one of the lab's own buttons on a JSON document of it.</summary>
    public async Task ChangeMailFlowAsync(Action<JsonObject> change, CancellationToken cancel)
    {
        var flow = JsonNode.Parse((await Flow.GetAsync(cancel)).GetRawText())!.AsObject(); // it is an object
        change(flow);
        await Control.SendAsync(HttpMethod.Put, $"directories/{Directory}/mail-flow", flow, cancel);
    }

    public Task SetPolicyAsync(string demand, CancellationToken cancel) => Control.SendAsync(
        HttpMethod.Put, $"directories/{Directory}/access-policies", new { policies = new[] { new { name = "Policy", demand } } }, cancel);

    public Task ChangeRegistrationAsync(object change, CancellationToken cancel) =>
        Control.SendAsync(HttpMethod.Patch, $"directories/{Directory}/apps/{Contoso.ClientId}", change, cancel);

    public Task RegisterRedirectAsync(string platform, string uri, CancellationToken cancel) => Control.SetAuthenticationAsync(
        Directory, Contoso.ClientId, [(platform, uri)], accessTokens: false, idTokens: false, publicClient: false, cancel);

    public async Task<Guid> ObjectIdAsync(CancellationToken cancel) =>
        (await Control.SendAsync(HttpMethod.Get, $"directories/{Directory}/apps/{Contoso.ClientId}", null, cancel)).GetProperty("objectId").GetGuid();

    private async Task DoTheGuideAsync(CancellationToken cancel)
    {
        await Control.SetPermissionsAsync(
            Directory, Contoso.ClientId, [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated")], cancel);
        await Control.SetMailboxSmtpAuthAsync(Directory, Contoso.Support, enabled: true, cancel);
        await Mail.RouteAsync(_gateway.InboundDomain, _gateway.Receiver, cancel);
        await Control.SetForwardingAsync(Directory, Contoso.Support, ForwardingAddress, keepCopy: true, cancel);
        await SaveAsync(Form, cancel);
        await AuthoriseAsync(Contoso.Support, consent: true, cancel);
        var state = (await AppAsync(cancel)).GetProperty("state").GetString();
        if (state != "connected") throw new DevFault($"Everything is right, and the app is {state}");
        var flow = await _gateway.SendAsync(
            HttpMethod.Post, "/api/v1/flows/acknowledgement", new { name = "Acknowledgement", text = "Hello, we have your message." }, cancel);
        await _gateway.SendAsync(HttpMethod.Put, $"/api/v1/apps/{AppId}/flow", new { flowId = flow.GetProperty("id").GetString() }, cancel);
        await CustomerWritesAsync(Contoso.Support, null, cancel);
    }

    /// <summary>Until the journey of that mail holds the words; null: until its answer is settled.</summary>
    private async Task JourneyTellsAsync(string subject, string? words, CancellationToken cancel)
    {
        for (var tries = 0; tries < Patience.TotalMilliseconds / 100; tries++)
        {
            var lines = await _gateway.SendAsync(HttpMethod.Get, $"/api/v1/journeys?app={AppId}", null, cancel);
            var line = lines.EnumerateArray().FirstOrDefault(one => one.GetProperty("subject").GetString() == subject);
            if (line.ValueKind is JsonValueKind.Object)
            {
                if (words is null ? line.GetProperty("answerState").GetString() == "settled" : await TellsAsync(line, words, cancel)) return;
            }
            await Task.Delay(100, cancel);
        }
        throw new DevFault($"The journey of “{subject}” never told “{words ?? "settled"}”");
    }

    private async Task<bool> TellsAsync(JsonElement line, string words, CancellationToken cancel) =>
        (await _gateway.SendAsync(HttpMethod.Get, $"/api/v1/journeys/{line.GetProperty("messageId").GetString()}", null, cancel)).GetRawText().Contains(words, StringComparison.Ordinal);
}
