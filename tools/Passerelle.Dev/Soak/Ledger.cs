using System.Collections.Concurrent;

namespace Passerelle.Dev.Soak;

/// <summary>What the outside knows: which mails were answered 250, which were written by customers, what never ended.</summary>
internal sealed class Ledger
{
    private int _numbers;

    /// <summary>Subjects of direct mails that heard 250. A subject is as unique as the mail's Message-ID.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged { get; } = new();

    /// <summary>Subject to Message-ID (without brackets) of the mails that customers wrote.</summary>
    public ConcurrentDictionary<string, string> Written { get; } = new();

    public ConcurrentQueue<string> Hangs { get; } = new();

    public int NextNumber() => Interlocked.Increment(ref _numbers);
}
