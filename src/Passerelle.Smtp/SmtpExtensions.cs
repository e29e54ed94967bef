namespace Passerelle.Smtp;

/// <summary>What a listener offers beyond the extensions that every one has. Off by default: a sender uses what it is
/// offered.</summary>
[Flags]
public enum SmtpExtensions
{
    None = 0,

    /// <summary>CHUNKING: content by BDAT, counted instead of dotted (RFC 3030 §2).</summary>
    Chunking = 1,

    /// <summary>BINARYMIME: bodies without lines, by BDAT only (RFC 3030 §3); it needs <see cref="Chunking"/>.</summary>
    BinaryMime = 2,

    /// <summary>DSN: RET and ENVID of MAIL, NOTIFY and ORCPT of RCPT (RFC 3461 §4).</summary>
    Dsn = 4,

    /// <summary>HELP is named in the answer to EHLO: it "MUST contain keywords … for all commands not listed as required" (RFC 5321 §4.1.1.1).
    /// HELP is answered either way: Exchange answers it and does not name it.</summary>
    Help = 8,
}
