using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tokens;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Tokens;

/// <summary>Both sides of the set-up: the directory's administrator in the lab, and the gateway's admin who authorises in a browser.</summary>
internal sealed class TokenDirectory(LabFixture lab, TokenGateway gateway)
{
    public const string Lab = "soak";
    private const string Domain = "contoso-soak.example";
    private const string Outside = "fabrikam-soak.example";
    private const string Callback = "https://mail.contoso.example/callback";
    private static readonly byte[] Session = SHA256.HashData("the admin's session"u8);
    private Guid _directory;

    public const string Customer = "ann@" + Outside;

    /// <summary>Reads the alarms.</summary>
    public const string Watcher = "it@" + Outside;

    private LabControl Control => lab.Control;

    public async Task OpenAsync(CancellationToken cancel)
    {
        await Control.OpenLabAsync(Lab, cancel);
        _directory = await Control.AddDirectoryAsync(Lab, "Contoso", [Domain], cancel);
        await Control.SetSecurityDefaultsAsync(_directory, false, cancel); // the guide's steps are done, a second factor is registered nowhere
        await new LabSubmission(Control, _directory).SetLimitsAsync(new { }, cancel); // no young directory's limits
        await Control.SetOrganisationSmtpAuthAsync(_directory, true, cancel);
        await Control.AddOutsideDomainAsync(Lab, Outside, [(Customer, "Ann", Contoso.Password), (Watcher, "IT", Contoso.Password)], cancel);
    }

    /// <summary>User, registration, secret, permission; then the form, and a sign-in through Entra's pages.</summary>
    public async Task<TokenApp> AddAsync(int number, TimeSpan pace, CancellationToken cancel)
    {
        var mailbox = $"box-{number}@{Domain}";
        await Control.AddUserAsync(_directory, mailbox, $"Box {number}", Contoso.Password, administrator: false, cancel);
        var client = await Control.RegisterAppAsync(_directory, $"Passerelle {number}", Callback, cancel);
        await Control.SetPermissionsAsync(_directory, client, [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated")], cancel);
        var (secretId, secret) = await Control.AddSecretAsync(_directory, client, "first", null, cancel);
        var apps = gateway.Get<EmailApps>();
        var draft = await apps.OpenDraftAsync(gateway.Organisation, cancel);
        var form = AppForm.Of(draft) with
        {
            AssetName = mailbox,
            EmailId = mailbox,
            UserName = mailbox,
            DirectoryId = _directory.ToString(),
            ClientId = client.ToString(),
            ClientSecret = secret,
            SecretExpiryUnknown = true,
        };
        if (await apps.SaveAsync(gateway.Organisation, draft.Id, draft.Version, form, cancel) is not SaveOutcome.Saved) throw new DevFault($"{mailbox} could not be saved");
        var app = new TokenApp { Id = draft.Id, Mailbox = mailbox, ClientId = client, SecretId = secretId, Password = Contoso.Password, Pace = pace };
        await AuthoriseAsync(app, cancel);
        return app;
    }

    /// <summary>What pressing Authorise does.</summary>
    public async Task AuthoriseAsync(TokenApp app, CancellationToken cancel)
    {
        var email = await AppAsync(app, cancel);
        var begun = await gateway.Get<Authorisations>().BeginAsync(email, new Asker(gateway.Organisation, Session), cancel) as BeginOutcome.Started
            ?? throw new DevFault($"{app.Mailbox}: Authorise does not begin");
        using var browser = lab.Browser();
        var end = await browser.SignInAsync(new Uri(begun.RedirectUrl), app.Mailbox, app.Password, cancel);
        var query = new QueryCollection(QueryHelpers.ParseQuery(end.Callback?.Query ?? throw new DevFault($"{app.Mailbox}: the sign-in page stayed")));
        var outcome = await gateway.Get<Authorisations>().CompleteAsync(CallbackQuery.Of(query), new ReturningBrowser(Session, [], begun.Cookie.Value), cancel);
        if (outcome is not CompleteOutcome.Redeemed redeemed) throw new DevFault($"{app.Mailbox}: {outcome}");
        if (await gateway.Get<Connect>().ProveAsync(redeemed.Redemption, cancel) is not ConnectOutcome.Connected) throw new DevFault($"{app.Mailbox} does not connect");
    }

    /// <summary>With overlap, as the page Credentials does it: nothing waits.</summary>
    public async Task RotateAsync(TokenApp app, CancellationToken cancel)
    {
        var (secretId, secret) = await Control.AddSecretAsync(_directory, app.ClientId, "next", null, cancel);
        var rotations = gateway.Get<Rotations>();
        await rotations.AddAsync(gateway.Organisation, app.Id, secret, "", isUnknown: true, cancel);
        if (await rotations.ProveAsync(gateway.Organisation, app.Id, cancel) is not RotationOutcome.Sending) throw new DevFault($"{app.Mailbox}: the next secret proves nothing");
        await gateway.WorkAsync(cancel); // the test mail leaves
        if (await rotations.SwitchAsync(gateway.Organisation, app.Id, cancel) is not RotationOutcome.Switched) throw new DevFault($"{app.Mailbox}: the proved secret does not take over");
        await DeleteSecretAsync(app, cancel);
        app.SecretId = secretId;
    }

    /// <summary>Without a word to anybody.</summary>
    public Task DeleteSecretAsync(TokenApp app, CancellationToken cancel) =>
        Control.SendAsync(HttpMethod.Delete, $"directories/{_directory}/apps/{app.ClientId}/secrets/{app.SecretId}", null, cancel);

    /// <summary>What an admin does who has read the alarm.</summary>
    public async Task GiveSecretAsync(TokenApp app, CancellationToken cancel)
    {
        var (secretId, secret) = await Control.AddSecretAsync(_directory, app.ClientId, "another", null, cancel);
        var rotations = gateway.Get<Rotations>();
        await rotations.AddAsync(gateway.Organisation, app.Id, secret, "", isUnknown: true, cancel);
        if (await rotations.ProveAsync(gateway.Organisation, app.Id, cancel) is not RotationOutcome.Switched { Connected: ConnectOutcome.Connected }) throw new DevFault($"{app.Mailbox} does not come back with another secret");
        app.SecretId = secretId;
    }

    public async Task ResetPasswordAsync(TokenApp app, CancellationToken cancel)
    {
        app.Password = "Another-Horse-8";
        await Control.ResetPasswordAsync(_directory, app.Mailbox, app.Password, cancel);
    }

    public Task RevokeConsentAsync(TokenApp app, CancellationToken cancel) => Control.RevokeGrantsAsync(_directory, app.ClientId, cancel);

    /// <summary>Entra's token endpoint answers nobody.</summary>
    /// <returns>To end it by.</returns>
    public Task<Guid> StopAuthorityAsync(CancellationToken cancel) =>
        new LabFaults(Control, Lab).ArmAsync(new LabFault("token") { Http = new LabHttpReply(503), Times = null }, cancel);

    public Task StartAuthorityAsync(Guid fault, CancellationToken cancel) => new LabFaults(Control, Lab).DisarmAsync(fault, cancel);

    private async Task<EmailApp> AppAsync(TokenApp app, CancellationToken cancel) =>
        await gateway.Get<EmailApps>().FindAsync(gateway.Organisation, app.Id, cancel) ?? throw new DevFault($"{app.Mailbox} is gone");
}
