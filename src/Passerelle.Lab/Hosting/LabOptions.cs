namespace Passerelle.Lab.Hosting;

/// <summary>What the command line or the fixture decides. A port of 0 is chosen by the system and then published.</summary>
internal sealed record LabOptions
{
    /// <summary>Folder of labs, keys and certificates; made when absent.</summary>
    public required string Data { get; init; }

    public int HttpsPort { get; init; }

    /// <summary>Plain http: human pages and <c>authorize</c> only.</summary>
    public int HttpPort { get; init; }

    /// <summary>Submission (Exchange's 587).</summary>
    public int SmtpPort { get; init; }

    /// <summary>Mail from outside (Exchange's 25).</summary>
    public int MxPort { get; init; }

    /// <summary>Reading mailboxes, encrypted from the first byte (Exchange's 993).</summary>
    public int ImapPort { get; init; }

    /// <summary>Reading mailboxes, encrypted after STARTTLS (IMAP's 143).</summary>
    public int ImapStartTlsPort { get; init; }

    public int DnsPort { get; init; }
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
