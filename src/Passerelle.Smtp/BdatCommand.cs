using System.Globalization;

namespace Passerelle.Smtp;

/// <summary>One piece of content that follows its BDAT command.</summary>
/// <param name="Bytes">How many octets follow the line, dots and line ends counted like any other.</param>
/// <param name="Last">The message ends with it.</param>
internal readonly record struct Chunk(long Bytes, bool Last);

/// <summary>BDAT sends content by number of octets (RFC 3030 §2).</summary>
internal static class BdatCommand
{
    public static SmtpReply Malformed { get; } = SmtpReply.Syntax("Say BDAT octets [LAST]");

    /// <returns>Null: nobody can tell how many octets follow, so nothing that comes behind is a command.</returns>
    public static Chunk? Parse(string arguments)
    {
        var space = arguments.IndexOf(' ', StringComparison.Ordinal);
        var size = space < 0 ? arguments : arguments[..space];
        var last = space >= 0 && arguments.AsSpan(space).Trim(' ').Equals("LAST", StringComparison.OrdinalIgnoreCase);
        if (size.Length == 0 || size.AsSpan().ContainsAnyExceptInRange('0', '9')) return null;
        if (space >= 0 && !last) return null;
        // "chunk-size ::= 1*DIGIT": the length of the line is the only bound
        var fits = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes);
        return new Chunk(fits ? bytes : long.MaxValue, last);
    }

    /// <returns>Null: the content may begin. A refusal is answered behind the octets of the chunk: "MUST accept and discard
    /// the associated message data before sending the appropriate 5XX or 4XX code".</returns>
    public static SmtpReply? Refusal(SmtpSession session) => session switch
    {
        { Extended: false } => HelloCommand.Missing(session),
        { Open: null } => SmtpReply.OutOfOrder("Say MAIL first"), // also behind LAST, and behind a chunk that failed
        { Recipients.Count: 0 } => DataCommand.NoRecipients(session),
        _ => null,
    };

    public static SmtpReply Received(Chunk chunk) =>
        new(250, "0.0", string.Create(CultureInfo.InvariantCulture, $"{chunk.Bytes} octets received"));
}
