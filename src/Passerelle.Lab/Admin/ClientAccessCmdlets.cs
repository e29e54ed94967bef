using System.Text.Json.Nodes;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Admin;

/// <summary>Which programs may open a mailbox (step X2 of facts §7.1). "Disabled" is the other way round than our state.</summary>
internal static class ClientAccessCmdlets
{
    private static readonly (string Name, EmailApp App)[] Switches =
    [
        ("OWAEnabled", EmailApp.OutlookOnTheWeb), ("MAPIEnabled", EmailApp.OutlookDesktop), ("EwsEnabled", EmailApp.ExchangeWebServices),
        ("ActiveSyncEnabled", EmailApp.ActiveSync), ("ImapEnabled", EmailApp.Imap), ("PopEnabled", EmailApp.Pop),
    ];

    public static readonly Cmdlet[] All =
    [
        new("Get-CASMailbox", CmdletNeed.Read, ["Identity"], call => call.Given.Has("Identity")
            ? [Show(call.Mailbox())]
            : call.Directory.Users.Where(user => user.Mailbox is not null).Select(Show)),
        new("Set-CASMailbox", CmdletNeed.Recipients, ["Identity", "SmtpClientAuthenticationDisabled", .. Switches.Select(s => s.Name)], Set),
    ];

    public static JsonObject Show(LabUser user)
    {
        var mailbox = user.Mailbox ?? new Mailbox();
        var shown = new JsonObject
        {
            ["Identity"] = MailAddress.Parse(user.Address).Local,
            ["Guid"] = user.Id.ToString(),
            ["DisplayName"] = user.DisplayName,
            ["PrimarySmtpAddress"] = user.Address,
            ["SmtpClientAuthenticationDisabled"] = !mailbox.SmtpAuthEnabled,
        };
        foreach (var (name, app) in Switches) shown[name] = !mailbox.BlockedApps.Contains(app);
        return shown;
    }

    private static IEnumerable<JsonObject> Set(CmdletCall call)
    {
        var user = call.Mailbox();
        var given = call.Given;
        var disabled = given.Flag("SmtpClientAuthenticationDisabled");
        var flags = Switches.Select(s => (s.App, Wanted: given.Flag(s.Name))).Where(s => s.Wanted is not null).ToArray();
        var delay = call.Directory.Submission.SmtpAuthDelayMinutes;
        if (given.Has("SmtpClientAuthenticationDisabled")) // null inherits
            call.ChangeMailbox(user, mailbox => mailbox.WithSmtpAuth(!disabled, call.Now, delay));
        call.ChangeMailbox(user, mailbox => mailbox with
        {
            BlockedApps = [.. mailbox.BlockedApps.Except(flags.Select(f => f.App)).Concat(flags.Where(f => f.Wanted == false).Select(f => f.App))],
        });
        return CmdletCall.Nothing;
    }
}
