using System.Globalization;

namespace Passerelle.Gateway.Sending;

/// <summary>One whole reply of a server (RFC 5321 §4.2).</summary>
/// <param name="Raw">As the server said it, all lines, CRLF between them.</param>
internal sealed record WireReply(int Code, string Raw)
{
    public bool IsPositive => Code / 100 == 2;

    /// <summary>The code once, then the text of all lines with a line feed between them.</summary>
    public string Words => Raw.Contains('\n', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join('\n', Raw.Split("\r\n").Select(line => line.Length > 4 ? line[4..] : ""))}")
        : Raw;
}

/// <summary>The server answered in full, and not with yes.</summary>
internal sealed class SubmissionRefused(WireReply reply) : Exception(reply.Words)
{
    public WireReply Reply { get; } = reply;
}

/// <summary>What the server says is no SMTP, or no answer to what was asked: nobody knows what it would say next.</summary>
internal sealed class SubmissionBroken(string message) : IOException(message);
