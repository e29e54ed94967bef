namespace Passerelle.Gateway.Doctor;

/// <summary>What became of the doctor's mail to a mailbox.</summary>
internal abstract record CanaryFate
{
    private CanaryFate() { }

    /// <param name="Reason">Empty: nobody has tried.</param>
    public sealed record NotSent(string Reason) : CanaryFate;

    /// <summary>Nothing is known yet, and it is not late.</summary>
    public sealed record Away(DateTimeOffset SentAt) : CanaryFate;

    /// <summary>It came back by forwarding.</summary>
    public sealed record Arrived(DateTimeOffset At, ForwardedHeaders Headers) : CanaryFate
    {
        /// <summary>The mailbox could not keep its copy: a report says why; null: none says so.</summary>
        public Failed? Copy { get; init; }

        /// <summary>Nothing more is to come: what happened to the mailbox's copy is known, or will not be told.</summary>
        public bool IsWhole { get; init; }
    }

    /// <summary>A server says that it could not be brought to <paramref name="Recipient"/>.</summary>
    /// <param name="Status">Enhanced status (RFC 3463); empty when it names none.</param>
    public sealed record Failed(string Recipient, string Status, string Words) : CanaryFate;

    /// <summary>It was handed to an address that is neither the mailbox's nor ours.</summary>
    public sealed record Elsewhere(string Address) : CanaryFate;

    /// <param name="ReportsPromised">The server tells of success when asked, so that its silence says something.</param>
    /// <param name="ReachedMailbox">A report says that it lies in the mailbox.</param>
    public sealed record Silent(DateTimeOffset SentAt, bool ReportsPromised, bool ReachedMailbox) : CanaryFate;
}
