namespace Passerelle.Smtp;

/// <summary>RET of MAIL: how much of the message a failure report brings back (RFC 3461 §4.3).</summary>
public enum DsnReturn
{
    Full,
    Headers,
}

/// <summary>NOTIFY of RCPT: what the sender wants to hear of this recipient (RFC 3461 §4.1).</summary>
[Flags]
public enum DsnNotify
{
    Never = 0,
    Success = 1,
    Failure = 2,
    Delay = 4,
}

/// <summary>ORCPT of RCPT: the recipient as the sender first wrote it (RFC 3461 §4.2).</summary>
/// <param name="Type">Such as <c>rfc822</c>, in lower case.</param>
/// <param name="Address">Decoded.</param>
public sealed record OriginalRecipient(string Type, string Address)
{
    public override string ToString() => $"{Type};{Address}";
}
