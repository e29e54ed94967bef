using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Imap;

internal static class ImapRoom
{
    /// <summary>Reading mailboxes by IMAP, as at outlook.office365.com (facts/microsoft365.md §5.1).</summary>
    public static IHostApplicationBuilder AddImap(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ImapSignIn>().AddSingleton<ImapDoor>();
        return builder;
    }

    /// <summary>Opens the port that is encrypted from the first byte (Exchange's 993; RFC 8314 §3.2), and the one that is after STARTTLS.</summary>
    public static void ListenForImap(
        this LabListeners listeners, KestrelServerOptions kestrel, LabOptions options, CertificateAuthority authority)
    {
        listeners.Listen(kestrel, LabListeners.Imap, options.ImapPort, listen =>
        {
            listen.UseHttps(authority.Server);
            listen.UseConnectionHandler<ImapListener>();
        });
        listeners.Listen(kestrel, LabListeners.ImapStartTls, options.ImapStartTlsPort, listen => listen.UseConnectionHandler<StartTlsImapListener>());
    }
}
