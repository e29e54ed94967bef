using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Answers of Exchange's IMAP to a sign-in, as clients record them.</summary>
internal static class ReadingFaults
{
    private static readonly FaultPlace[] Auth = [FaultPlace.ImapAuth];

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new("IMAP-NO", Auth, "NO AUTHENTICATE failed.", "E5/E6/X4", "3.4:IMAP-POP"),
        new("IMAP-BAD", Auth, "BAD User is authenticated but not connected.", "X4", "3.4:IMAP-POP"),
        new("IMAP-BYE", Auth, "BYE Connection closed. 14", "X6", "3.4:IMAP-POP"),
    ];

    /// <summary>A tagged refusal, or BYE, in one line.</summary>
    public static bool IsReply(string reply) =>
        (reply.StartsWith("NO ", StringComparison.Ordinal) || reply.StartsWith("BAD ", StringComparison.Ordinal)
            || reply.StartsWith("BYE ", StringComparison.Ordinal))
        && reply.Length <= 400 && reply.All(c => c is >= ' ' and < '\x7f');
}
