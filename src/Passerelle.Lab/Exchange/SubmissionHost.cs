using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>The names under which submission is found (facts/microsoft365.md §5.1). All lead to one port of the lab: the name
/// that a client asks for in TLS says which service it wants.</summary>
internal static class SubmissionHost
{
    /// <summary>Personal accounts only.</summary>
    public const string Personal = "smtp-mail.outlook.com";

    /// <summary>High Volume Email: recipients inside only.</summary>
    public const string HighVolume = "smtp-hve.office365.com";

    public static readonly string[] All = ["smtp.office365.com", "smtp-legacy.office365.com", Personal, HighVolume, "outlook.office365.com"];

    public static bool Is(SmtpSession session, string host) => host.Equals(session.Tls?.ServerName, StringComparison.OrdinalIgnoreCase);
}
