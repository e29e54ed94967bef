namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>Recipients outside that all apps of one directory may write to within 24 hours (Exchange's tenant external recipient rate limit).</summary>
/// <param name="domain">Of the app's own mailbox: recipients there are inside.</param>
internal sealed class DirectoryBudget(DirectoryUse use, string domain)
{
    public TimeSpan Wait => use.Limit is { } limit ? use.Day.WaitFor(limit) : TimeSpan.Zero;

    public void Add(IEnumerable<string> recipients) => use.Day.Add(recipients.Count(address => !address.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase)));
}

/// <summary>Shared by the senders of a directory's apps.</summary>
internal sealed class DirectoryUse(DayUse day)
{
    /// <summary>Counted by this node; what other nodes sent comes in when it is counted anew.</summary>
    public DayUse Day { get; set; } = day;

    /// <summary>Null: nobody knows one.</summary>
    public int? Limit { get; set; }
}
