using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Queue;

/// <summary>What became of one attempt: the vocabulary between Sending and the queue.</summary>
internal abstract record SendOutcome
{
    private SendOutcome() { }

    /// <summary>How far the attempt came.</summary>
    public SubmissionStep Last { get; init; }

    /// <param name="Reply">The server's words after the final dot.</param>
    /// <param name="NotTo">Recipients that got nothing; the others did.</param>
    public sealed record Accepted(string Reply, IReadOnlyList<RefusedRecipient> NotTo) : SendOutcome;

    /// <param name="AtLeast">The other side asked us to wait this long.</param>
    public sealed record Deferred(string Reason, TimeSpan? AtLeast = null) : SendOutcome
    {
        /// <summary>False: no server was asked, for nobody could sign in yet; the letter burns no attempt.</summary>
        public bool Counts { get; init; } = true;

        /// <summary>Nobody answered where it was to be handed over: that says something of the host, and nothing of the letter or its app.</summary>
        public bool NobodyThere { get; init; }

        /// <summary>Due again then, UTC, whatever was tried before: a host is waited for, and no attempt is burned. Null: as the back-off says.</summary>
        public DateTimeOffset? Until { get; init; }
    }

    public sealed record Refused(string Reason) : SendOutcome;

    /// <summary>The app cannot send until a person acts: the letter waits and burns no attempt.</summary>
    public sealed record Blocked(Finding Finding) : SendOutcome
    {
        /// <summary>False: the sign-in is accepted, and what follows it is not. Only sending shows when that is mended.</summary>
        public bool BreaksApp { get; init; } = true;
    }

    /// <summary>It may have left: never due again by itself.</summary>
    public sealed record Unclear(string Reason) : SendOutcome;
}

/// <param name="IsTransient">This recipient alone is tried again.</param>
internal sealed record RefusedRecipient(string Address, string Words, bool IsTransient);

/// <summary>The steps of one attempt, in order.</summary>
internal enum SubmissionStep
{
    Token,
    Connect,
    SignIn,
    Envelope,
    Content,

    /// <summary>The first byte of the final dot may be on its way, and no complete reply has come.</summary>
    FinalDot,
    Reply,
}
