using System.Globalization;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Sending.Replies;

/// <summary>What becomes of the letter.</summary>
internal enum ReplyFate
{
    /// <summary>The server has it.</summary>
    Settled,

    /// <summary>Tried again by itself, later each time; after the last attempt it is dead.</summary>
    Retry,

    /// <summary>A limit was met: tried again, and not before a pause.</summary>
    SlowDown,

    /// <summary>No letter of this app can leave until a person acts: it waits and burns no attempt.</summary>
    Blocked,

    /// <summary>This letter, or this recipient, is refused for good.</summary>
    Dead,

    /// <summary>It may have left: evidence or a person decides.</summary>
    Unclear,
}

/// <summary>What the reply is about.</summary>
internal enum ReplyClass
{
    Accepted,
    SignIn,
    Permission,
    Limit,
    Throttled,
    Reputation,
    Recipient,
    Mailbox,
    Size,
    Content,
    Policy,
    Route,
    Tls,
    Protocol,
    Connection,
    Unknown,
}

/// <summary>One row of <see cref="ReplyTable"/>. What a row leaves empty it does not ask for.</summary>
/// <param name="Code">"535", or "5xx" for a whole class.</param>
/// <param name="Status">Enhanced status (RFC 3463): "5.7.139", "5.7.x", or both ends of a range "5.7.501-5.7.503".</param>
/// <param name="Words">A piece of the server's sentence, any case.</param>
/// <param name="Meaning">For a person who never saw an SMTP reply.</param>
/// <param name="Source">Where this is written.</param>
internal sealed record ReplyRow(string Code, string Status, string Words, ReplyFate Fate, ReplyClass Class, Phrase Meaning, string Source)
{
    /// <summary>The pause that <see cref="ReplyFate.SlowDown"/> asks for; null for none.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>No code, status or words of its own: a whole class of replies.</summary>
    public bool IsFamily => Words.Length == 0 && (Status.EndsWith('x') || (Status.Length == 0 && Code.EndsWith('x')));

    /// <summary>A 450 that calls itself 5.1.1 is temporary: the code decides (RFC 5321 §4.2.1).</summary>
    public bool Fits(SmtpReplyCodes reply, string words) =>
        (Code.Length == 0 || (Code.EndsWith('x') ? reply.Class == Code[0] - '0' : reply.Code == int.Parse(Code, CultureInfo.InvariantCulture)))
        && (Status.Length == 0 || (reply.Class == Status[0] - '0' && reply.IsIn(Status)))
        && (Words.Length == 0 || words.Contains(Words, StringComparison.OrdinalIgnoreCase));
}
