using System.Net;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Once;

/// <param name="ByGraph">Its letters leave by Microsoft Graph; false: by SMTP.</param>
/// <param name="ByEvidence">True: Sent Items may send a letter again; false: a person decides.</param>
internal sealed record OnceApp(string Id, string Mailbox, bool ByGraph, bool ByEvidence);

/// <summary>The directory with its mailboxes in the lab, and an authorised app for each in the gateway.</summary>
internal sealed class OnceScene(LabFixture lab, DevSettings settings)
{
    public const string Customer = "ann@fabrikam-once.example";
    private const string Lab = "once";
    private const string Domain = "contoso-once.example";
    private Guid _directory;

    public LabMail Mail { get; } = new(lab.Control, Lab);

    /// <summary>All steps of the guide but forwarding: nothing comes in.</summary>
    /// <param name="bySmtp">Apps whose letters leave by SMTP.</param>
    /// <param name="byGraph">Apps whose letters leave by Microsoft Graph.</param>
    public async Task<IReadOnlyList<OnceApp>> SetUpAsync(GatewayProcess gateway, int bySmtp, int byGraph, CancellationToken cancel)
    {
        await lab.Control.OpenLabAsync(Lab, cancel);
        _directory = await lab.Control.AddDirectoryAsync(Lab, "Contoso", [Domain], cancel);
        await lab.Control.SetSecurityDefaultsAsync(_directory, false, cancel);
        await lab.Control.SetOrganisationSmtpAuthAsync(_directory, true, cancel);
        await lab.Control.AddOutsideDomainAsync(Lab, "fabrikam-once.example", [(Customer, "Ann", Contoso.Password)], cancel);
        await new LabSubmission(lab.Control, _directory).SetLimitsAsync(
            new { connections = 100, messagesPerMinute = 1_000_000, recipientsPerDay = 10_000_000, externalPerDay = 10_000_000 }, cancel);
        var client = await lab.Control.RegisterAppAsync(_directory, "Passerelle", $"{settings.PublicUrl}/callback", cancel);
        await lab.Control.SetPermissionsAsync(
            _directory, client,
            [.. new[] { "User.Read", "SMTP.Send", "Mail.ReadBasic", "Mail.Send", "Mail.ReadWrite" }.Select(name => (LabControl.Graph, name, "delegated"))], cancel);
        await lab.Control.GrantAdminConsentAsync(_directory, client, cancel);
        var (_, secret) = await lab.Control.AddSecretAsync(_directory, client, "first", null, cancel);
        var made = new List<OnceApp>();
        for (var number = 0; number < bySmtp + byGraph; number++) made.Add(await AddAsync(gateway, number, number >= bySmtp, client, secret, cancel));
        return made;
    }

    /// <summary>The person's refresh tokens are worth nothing any more.</summary>
    public Task RevokeAsync(OnceApp app, CancellationToken cancel) => lab.Control.RevokeSessionsAsync(_directory, app.Mailbox, cancel);

    /// <summary>A real authorization-code flow, as the mailbox.</summary>
    public async Task AuthoriseAsync(OnceApp app, CancellationToken cancel)
    {
        using var portal = new PortalBrowser(settings.PublicUrl);
        await portal.SignInAsync(GatewayProcess.AdminEmail, settings.AdminPassword, cancel);
        using var browser = lab.Browser();
        var end = await browser.SignInAsync(await portal.LeaveAsync($"/authorise/{app.Id}", cancel), app.Mailbox, Contoso.Password, cancel);
        await portal.OpenAsync((end.Callback ?? throw new DevFault($"The sign-in page stayed: {WebUtility.HtmlDecode(end.Html)}")).PathAndQuery, cancel);
    }

    private async Task<OnceApp> AddAsync(GatewayProcess gateway, int number, bool byGraph, Guid client, string secret, CancellationToken cancel)
    {
        var mailbox = $"box-{number}@{Domain}";
        await lab.Control.AddUserAsync(_directory, mailbox, $"Box {number}", Contoso.Password, administrator: false, cancel);
        var draft = await gateway.SendAsync(HttpMethod.Post, "/api/v1/apps", null, cancel);
        var app = new OnceApp(draft.GetProperty("id").GetString()!, mailbox, byGraph, ByEvidence: number % 2 == 0); // the API always gives one
        await gateway.SendAsync(HttpMethod.Put, $"/api/v1/apps/{app.Id}", new
        {
            version = draft.GetProperty("version").GetInt64(),
            form = new
            {
                preset = "microsoft365",
                assetName = mailbox,
                emailId = mailbox,
                userName = mailbox,
                authentication = "oauth2",
                transport = byGraph ? "graph" : "smtp",
                directoryId = _directory.ToString(),
                clientId = client.ToString(),
                clientSecret = secret,
                secretExpiryUnknown = true,
                unclearLetters = app.ByEvidence ? "sent-items" : "hold",
            },
        }, cancel);
        await AuthoriseAsync(app, cancel);
        return app;
    }

    /// <summary>What reached the customer, by subject, which is as unique as the letter.</summary>
    public async Task<ILookup<string, LabMailItem>> DeliveredAsync(CancellationToken cancel) =>
        (await Mail.ListAsync(Customer, "inbox", cancel)).Concat(await Mail.ListAsync(Customer, "junk", cancel)).ToLookup(mail => mail.Subject);

    /// <summary>Mails that the lab's Exchange took of the mailboxes.</summary>
    public async Task<int> TakenAsync(CancellationToken cancel) =>
        (await Mail.LogAsync("submit", cancel)).Count(line => line.Answer.StartsWith("250", StringComparison.Ordinal))
        + (await Mail.LogAsync("graph", cancel)).Count(line => line.Answer.StartsWith("202 POST", StringComparison.Ordinal));
}
