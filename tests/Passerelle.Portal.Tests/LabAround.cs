using Passerelle.Lab.Testing;

namespace Passerelle.Portal.Tests;

/// <summary>A lab, and what a gateway beside it has to be told.</summary>
internal static class LabAround
{
    /// <summary>The lab's DNS points its MX to loopback as soon as the lab has a route to it.</summary>
    public const string InboundDomain = "in.passerelle.example";

    /// <summary>Settings of <see cref="RunningGateway.StartAsync"/>.</summary>
    public static string[] SettingsFor(LabAddresses lab) =>
    [
        $"--Receiving:HostName=mx.{InboundDomain}",
        $"--Reading:Resolver=127.0.0.1:{lab.DnsPort}",
        $"--Doctor:Resolver=127.0.0.1:{lab.DnsPort}",
        $"--Apps:MicrosoftAuthority={lab.Https.GetLeftPart(UriPartial.Authority)}",
        $"--Apps:MicrosoftSmtpHost={lab.Https.Host}",
        $"--Apps:MicrosoftSmtpPort={lab.SmtpPort}",
        $"--Outbound:CaFile={lab.CaCertificate}",
        $"--Outbound:Allow:0={lab.Https.Host}:{lab.Https.Port}",
        $"--Apps:MicrosoftGraph={lab.Https.GetLeftPart(UriPartial.Authority)}",
        $"--Apps:MicrosoftImapHost={lab.Https.Host}",
        $"--Apps:MicrosoftImapPort={lab.ImapPort}",
        $"--Outbound:Allow:2={lab.Https.Host}:{lab.ImapPort}",
        $"--Outbound:Allow:1={lab.Https.Host}:{lab.SmtpPort}",
    ];

    /// <summary>What the guide does on Microsoft's side: permission, Authenticated SMTP, forwarding with a copy kept.</summary>
    public static async Task PrepareAsync(this LabFixture lab, Contoso contoso, RunningGateway gateway, string forwardingAddress, CancellationToken cancel)
    {
        await lab.Control.SetPermissionsAsync(
            contoso.DirectoryId, contoso.ClientId, [(LabControl.Graph, "User.Read", "delegated"), (LabControl.Graph, "SMTP.Send", "delegated")], cancel);
        await lab.Control.SetMailboxSmtpAuthAsync(contoso.DirectoryId, contoso.Support, enabled: true, cancel);
        await new LabMail(lab.Control, contoso.Lab).RouteAsync(InboundDomain, $"127.0.0.1:{gateway.SmtpPort}", cancel);
        await lab.Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, forwardingAddress, keepCopy: true, cancel);
    }
}
