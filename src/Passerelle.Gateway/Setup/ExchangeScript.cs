using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Setup;

/// <summary>
/// The guide's step 3 and the outbound policy as PowerShell, and the way back. The first notes in a file what was there; the undo
/// reads that file, so that a mailbox gets back what it had and not a default.
/// </summary>
/// <param name="Gets">What is noted before anything changes: each cmdlet with the properties to keep.</param>
internal sealed record ExchangeScript(
    EmailApp App,
    IReadOnlyList<(PowerShellCommand Get, string[] Properties)> Gets,
    IReadOnlyList<PowerShellCommand> Do,
    IReadOnlyList<PowerShellCommand> Undo)
{
    private const string AutoForwarding = "On";

    public static ExchangeScript Of(EmailApp app)
    {
        PowerShellValue mailbox = app.EmailId;
        var policy = $"Passerelle forwarding {app.EmailId}";
        return new(
            app,
            [
                (new("Get-CASMailbox", ("Identity", mailbox)), ["SmtpClientAuthenticationDisabled"]),
                (new("Get-Mailbox", ("Identity", mailbox)), ["ForwardingSmtpAddress", "DeliverToMailboxAndForward"]),
            ],
            [
                new("Set-CASMailbox", ("Identity", mailbox), ("SmtpClientAuthenticationDisabled", false)),
                new("New-HostedOutboundSpamFilterPolicy", ("Name", policy), ("AutoForwardingMode", AutoForwarding)),
                new("New-HostedOutboundSpamFilterRule", ("Name", policy), ("HostedOutboundSpamFilterPolicy", policy), ("From", mailbox)),
                new("Set-Mailbox", ("Identity", mailbox), ("ForwardingSmtpAddress", app.ForwardingAddress), ("DeliverToMailboxAndForward", true)),
            ],
            [
                new("Set-Mailbox", ("Identity", mailbox),
                    ("ForwardingSmtpAddress", new PowerShellValue.Was("Get-Mailbox", "ForwardingSmtpAddress")),
                    ("DeliverToMailboxAndForward", new PowerShellValue.Was("Get-Mailbox", "DeliverToMailboxAndForward"))),
                new("Remove-HostedOutboundSpamFilterRule", ("Identity", policy), ("Confirm", false)),
                new("Remove-HostedOutboundSpamFilterPolicy", ("Identity", policy), ("Confirm", false)),
                new("Set-CASMailbox", ("Identity", mailbox),
                    ("SmtpClientAuthenticationDisabled", new PowerShellValue.Was("Get-CASMailbox", "SmtpClientAuthenticationDisabled"))),
            ]);
    }

    private string NoteFile => $"passerelle-{App.Id:N}.before.json";
    private string Note => PowerShellText.Quoted(NoteFile);

    /// <returns>The script that does the work; a second run stops before it overwrites what the first one noted.</returns>
    public string ToDo() => Text(
    [
        .. Head("Lets Passerelle send as the mailbox and forwards its mail, a copy kept; only this mailbox may forward outside."),
        $"if (Test-Path {Note}) {{ throw {PowerShellText.Quoted($"{NoteFile} is already here: run the undo first, or move it away")} }}",
        "$was = [ordered]@{}",
        .. Gets.SelectMany(noted => (string[])
        [
            $"$now = {PowerShellText.Of(noted.Get)}",
            .. noted.Properties.Select(property => $"$was.{property} = $now.{property}"),
        ]),
        $"$was | ConvertTo-Json | Set-Content {Note}",
        .. Do.Select(PowerShellText.Of),
    ]);

    /// <returns>The script that puts back what the first one noted.</returns>
    public string ToUndo() => Text(
    [
        .. Head("Puts back what was there before. Run it in the folder where the first script was run."),
        $"$was = Get-Content {Note} -Raw | ConvertFrom-Json",
        .. Undo.Select(PowerShellText.Of),
        $"Remove-Item {Note}",
    ]);

    private string[] Head(string what) =>
    [
        $"# Passerelle, {OneLine(App.AssetName)}: {OneLine(App.EmailId)}",
        $"# {what}",
        "# Needs the role Exchange Administrator. A change may take an hour to act.",
        "$ErrorActionPreference = 'Stop'",
        "Connect-ExchangeOnline",
    ];

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    /// <summary>A comment ends with its line: nothing that a person typed may begin another.</summary>
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
