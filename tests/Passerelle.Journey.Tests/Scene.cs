using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Lab.Testing;

namespace Passerelle.Journey.Tests;

/// <summary>One test's world: a lab with Contoso and its customers, a gateway on an empty folder, and the app between them.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly LabFixture _lab;

    private Scene(LabFixture lab, RunningGateway gateway, Contoso contoso, JsonElement app)
    {
        (_lab, Gateway, Contoso) = (lab, gateway, contoso);
        Mail = new LabMail(lab.Control, contoso.Lab);
        App = app.GetProperty("id").GetGuid();
        ForwardingAddress = app.GetProperty("forwardingAddress").GetString()!; // the API always gives one
    }

    public RunningGateway Gateway { get; }
    public Contoso Contoso { get; }
    public LabMail Mail { get; }
    public LabControl Lab => _lab.Control;
    public LabFixture Fixture => _lab;
    public Guid App { get; }
    public string ForwardingAddress { get; }
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The gateway is set up, a draft is open, the application is registered with its call back URL. Nothing else.</summary>
    public static async Task<Scene> DraftAsync(SharedLab lab, params string[] options)
    {
        var name = lab.NewName();
        var gateway = new RunningGateway(lab.Fixture.Endpoints, $"in-{name}.passerelle.example", options);
        await gateway.StartAsync();
        await gateway.FirstRunAsync();
        var app = await gateway.Operator.SendAsync(HttpMethod.Post, "/api/v1/apps", null, Cancel);
        var contoso = await lab.Fixture.ContosoAsync(name, app.GetProperty("callbackUrl").GetString()!, Cancel); // the API always gives one
        await lab.Fixture.Control.SetPermissionsAsync(
            contoso.DirectoryId, contoso.ClientId, [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated")], Cancel);
        var scene = new Scene(lab.Fixture, gateway, contoso, app);
        await scene.Mail.RouteAsync(gateway.InboundDomain, gateway.Smtp.ToString(), Cancel);
        return scene;
    }

    /// <summary>All of the guide done, and the acknowledgement switched on.</summary>
    public static async Task<Scene> ConnectedAsync(SharedLab lab, params string[] options)
    {
        var scene = await DraftAsync(lab, options);
        await scene.PrepareMailboxAsync();
        await scene.SaveAsync();
        await scene.AuthoriseAsync();
        await scene.AcknowledgeAsync();
        return scene;
    }

    /// <summary>Authenticated SMTP on, the mailbox forwarded.</summary>
    public async Task PrepareMailboxAsync()
    {
        await SetSmtpAuthAsync(true);
        await Lab.SetForwardingAsync(Contoso.DirectoryId, Contoso.Support, ForwardingAddress, keepCopy: true, Cancel);
    }

    public Task SetSmtpAuthAsync(bool enabled) => Lab.SetMailboxSmtpAuthAsync(Contoso.DirectoryId, Contoso.Support, enabled, Cancel);

    public Task SaveAsync() => SaveAsync(form => form);

    /// <param name="change">What is typed otherwise than the guide says.</param>
    public async Task SaveAsync(Func<Dictionary<string, object>, Dictionary<string, object>> change)
    {
        var form = change(new()
        {
            ["preset"] = "microsoft365",
            ["assetName"] = "Contoso support",
            ["emailId"] = Contoso.Support,
            ["userName"] = Contoso.Support,
            ["authentication"] = "oauth2",
            ["directoryId"] = Contoso.DirectoryId.ToString(),
            ["clientId"] = Contoso.ClientId.ToString(),
            ["clientSecret"] = Contoso.ClientSecret,
            ["secretExpiryUnknown"] = true,
        });
        var version = (await AppAsync()).GetProperty("version").GetInt64();
        await Gateway.Operator.SendAsync(HttpMethod.Put, $"/api/v1/apps/{App}", new { version, form }, Cancel);
    }

    /// <summary>The guide's other way: user name and password.</summary>
    public Task SaveWithPasswordAsync(string password) => SaveAsync(form => new()
    {
        ["preset"] = "microsoft365",
        ["assetName"] = form["assetName"],
        ["emailId"] = form["emailId"],
        ["userName"] = form["userName"],
        ["authentication"] = "password",
        ["password"] = password,
        ["warningsRead"] = true,
    });

    /// <summary>A real authorization-code flow, as the mailbox.</summary>
    public async Task AuthoriseAsync()
    {
        using var portal = await Gateway.SignInAsync();
        await portal.OpenAsync((await SignInAtMicrosoftAsync(portal, Contoso.Support)).PathAndQuery, Cancel);
        Assert.Equal("connected", await StateAsync());
    }

    /// <returns>The call back that the provider sends the browser to.</returns>
    public async Task<Uri> SignInAtMicrosoftAsync(PortalBrowser portal, string login, bool consent = true)
    {
        var authorize = await portal.LeaveAsync($"/authorise/{App}", Cancel);
        using var browser = _lab.Browser();
        var end = await browser.SignInAsync(authorize, login, Contoso.Password, consent, Cancel);
        return end.Callback ?? throw new InvalidOperationException($"The sign-in page stayed: {end.Html}");
    }

    public async Task AcknowledgeAsync()
    {
        var flow = await Gateway.Operator.SendAsync(
            HttpMethod.Post, "/api/v1/flows/acknowledgement", new { name = "Acknowledgement", text = "Hello, we have your message." }, Cancel);
        await Gateway.Operator.SendAsync(HttpMethod.Put, $"/api/v1/apps/{App}/flow", new { flowId = flow.GetProperty("id").GetString() }, Cancel);
    }

    /// <returns>The Message-ID of Ann's mail.</returns>
    public Task<string> AnnWritesAsync(string subject) => Mail.WriteAsync(Contoso.Ann, Contoso.Support, subject, "Where is my order?", Cancel);

    /// <summary>The first answer that Ann has to a mail of hers, once the lab has told us 250 and written it down.</summary>
    public async Task<LabMailItem> AnswerToAsync(string messageId)
    {
        var answer = await Mail.WaitAsync(Contoso.Ann, Patience, Cancel, inReplyTo: messageId)
            ?? throw new InvalidOperationException($"No answer to {messageId}; the journeys are {await JourneysAsync()}");
        await Eventually.SeesAsync("The answer is in the lab's log", async _ =>
            (await SubmittedAsync()).FirstOrDefault(line => line.MessageId == answer.MessageId));
        return answer;
    }

    public Task<JsonElement> AppAsync() => Gateway.Operator.GetAsync($"/api/v1/apps/{App}", Cancel);

    public async Task<string> StateAsync() => (await AppAsync()).GetProperty("state").GetString()!; // the API always gives one

    public Task<JsonElement> JourneysAsync() => Gateway.Operator.GetAsync($"/api/v1/journeys?app={App}", Cancel);

    /// <summary>The line of the journey with that subject, once it stands as asked.</summary>
    /// <param name="answer">settled, blocked, …; empty: no answer; null: whatever it is.</param>
    public async Task<JsonElement> JourneyAsync(string subject, string state, string? answer = null) => (JsonElement)await Eventually.SeesAsync<object>(
        $"{subject}: {state}, answer {answer}",
        async _ => (await JourneysAsync()).EnumerateArray().Where(line =>
            line.GetProperty("subject").GetString() == subject && line.GetProperty("state").GetString() == state
            && (answer is null || line.GetProperty("answerState").GetString() == answer)).Cast<object?>().FirstOrDefault());

    /// <summary>What the lab's Exchange took from us for the mailbox.</summary>
    public async Task<IReadOnlyList<LabLogItem>> SubmittedAsync() =>
        [.. (await Mail.LogAsync("submit", Cancel)).Where(line => line.Who == Contoso.Support)];

    /// <summary>What the gateway's own store holds.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql)
    {
        var organisation = await Gateway.OrganisationAsync();
        return await Gateway.Services.GetRequiredService<IStore>().ReadAsync(tx => tx.For(organisation).List<T>(sql), Cancel);
    }

    /// <summary>What the gateway does by itself every 15 seconds.</summary>
    public Task RepairsAsync() => Gateway.Services.GetRequiredService<Repairs>().LookAsync(Cancel);

    public async Task<JsonElement[]> ExamineAsync() =>
        [.. (await Gateway.Operator.SendAsync(HttpMethod.Post, $"/api/v1/apps/{App}/examination", null, Cancel)).EnumerateArray()];

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
