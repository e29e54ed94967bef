using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Passerelle.Smtp;

/// <summary>Both ends of a connection, as the transport saw them.</summary>
public sealed record SmtpEndpoints(EndPoint? Remote, EndPoint? Local);

/// <summary>How a connection is encrypted.</summary>
public sealed record SmtpTls(SslProtocols Protocol, TlsCipherSuite Cipher, string? ServerName);

/// <summary>What is known of one connection. The host reads it; only the connection's own loop writes it.</summary>
public sealed class SmtpSession
{
    private readonly List<RcptTo> _recipients = [];

    internal SmtpSession(Guid id, SmtpEndpoints endpoints, SmtpServerOptions options, DateTimeOffset startedAt)
    {
        Id = id;
        Endpoints = endpoints;
        Options = options;
        StartedAt = startedAt;
    }

    public Guid Id { get; }
    public SmtpEndpoints Endpoints { get; }
    public SmtpServerOptions Options { get; }
    public SmtpLimits Limits => Options.Limits;

    /// <summary>UTC.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What the client called itself, unproven; null before EHLO or HELO and again after STARTTLS.</summary>
    public string? Helo { get; internal set; }

    /// <summary>EHLO was said, so extensions may be used.</summary>
    public bool Extended { get; internal set; }

    /// <summary>Null while the connection is in the clear.</summary>
    public SmtpTls? Tls { get; internal set; }

    /// <summary>Who AUTH proved; null when nobody.</summary>
    public string? Identity { get; internal set; }

    /// <summary>The transaction that MAIL opened; null when none is.</summary>
    public MailFrom? Open { get; internal set; }

    /// <summary>Accepted recipients of the open transaction, in order; repeated ones appear again.</summary>
    public IReadOnlyList<RcptTo> Recipients => _recipients;

    /// <summary>Transactions begun, the open one included.</summary>
    public int Transactions { get; internal set; }

    /// <summary>Messages answered with 2xx.</summary>
    public int Accepted { get; internal set; }

    /// <summary>The word, as the client wrote it, that was no command of ours, cut after 64 characters; null when none was.
    /// </summary>
    public string? UnknownVerb { get; internal set; }

    public bool Greeted => Helo is not null;
    public bool Secure => Tls is not null;

    /// <summary>BDAT has begun the content of the open transaction: DATA and RCPT come too late (RFC 3030 §2).</summary>
    internal bool Chunked { get; set; }

    /// <summary>The greeting was 554: QUIT is all that is left.</summary>
    internal bool TurnedAway { get; set; }

    internal int Errors { get; set; }
    internal int RefusedRecipients { get; set; }

    internal bool Offers(SmtpExtensions extension) => (Options.Extensions & extension) == extension;

    internal void Begin(MailFrom mail)
    {
        Open = mail;
        Transactions++;
    }

    internal void Add(RcptTo recipient) => _recipients.Add(recipient);

    /// <summary>A fresh list each time: the host may keep the envelope.</summary>
    internal SmtpEnvelope Envelope() => new(Open!, [.. _recipients]); // Open: DATA was allowed

    /// <summary>Ends the transaction, if one is open (RSET, EHLO, end of DATA).</summary>
    internal void Reset()
    {
        Open = null;
        Chunked = false;
        _recipients.Clear();
    }

    /// <summary>"The server MUST discard any knowledge obtained from the client" (RFC 3207 §4.2).</summary>
    internal void Forget()
    {
        Reset();
        Helo = null;
        Extended = false;
        Identity = null;
    }
}
