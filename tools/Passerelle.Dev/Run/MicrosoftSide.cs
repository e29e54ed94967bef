using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Run;

/// <summary>Where a gateway finds Entra ID, Exchange Online and their DNS.</summary>
/// <param name="Https">Port on localhost of the sign-in and token endpoints.</param>
/// <param name="Smtp">Port on localhost of the submission server.</param>
/// <param name="Imap">Port on localhost where mailboxes are read; 0 or null: nobody knows it.</param>
/// <param name="Dns">Port on 127.0.0.1.</param>
/// <param name="CaFile">Path of the authority that signed their certificates, PEM; need not be there before it is called.</param>
internal sealed record MicrosoftSide(int Https, int? Smtp, int? Imap, int? Dns, string CaFile)
{
    public static MicrosoftSide Of(LabAddresses lab) => new(lab.Https.Port, lab.SmtpPort, lab.ImapPort, lab.DnsPort, lab.CaCertificate);

    /// <summary>The lab of this folder, whether it has started or not: its ports are the settings'.</summary>
    public static MicrosoftSide Of(DevFolder folder, DevSettings settings) =>
        new(settings.LabHttps, settings.LabSmtp, settings.LabImap, settings.LabDns, Path.Combine(folder.Lab, "ca.pem"));
}
