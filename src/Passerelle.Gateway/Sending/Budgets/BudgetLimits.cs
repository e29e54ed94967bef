using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>What one app may send. The provider's limits are data of its preset, and an admin knows better.</summary>
/// <param name="RecipientsPerDay">Within any 24 hours; null: nobody knows a limit.</param>
internal sealed record BudgetLimits(int Connections, int PerMinute, int? RecipientsPerDay)
{
    /// <summary>Of a provider that says nothing: those of Exchange Online, which are the narrowest known.</summary>
    private const int Careful = 3, CarefulPerMinute = 30;

    /// <param name="said">What an admin said of this app; null: nothing.</param>
    public static BudgetLimits Of(string preset, SendingOptions options, SaidLimit? said)
    {
        var known = Presets.Find(preset)?.Limits;
        return new(
            (int?)said?.Connections ?? options.ConnectionsPerApp ?? known?.Connections ?? Careful,
            (int?)said?.PerMinute ?? options.MessagesPerMinute ?? known?.MessagesPerMinute ?? CarefulPerMinute,
            (int?)said?.RecipientsPerDay ?? known?.RecipientsPerDay);
    }
}

/// <summary>A row of <c>sending_limit</c>: what an admin said. Null: as the preset says.</summary>
internal sealed record SaidLimit
{
    public const string App = "app";
    public const string Directory = "directory";

    public string Scope { get; init; } = App;
    public required string Subject { get; init; }
    public long? Connections { get; init; }
    public long? PerMinute { get; init; }
    public long? RecipientsPerDay { get; init; }

    /// <summary>Asked by <see cref="Queue.MailRecipients"/>.</summary>
    public long? RecipientsPerMail { get; init; }

    public bool IsPossible => Connections is null or (>= 1 and <= 100) && PerMinute is null or (>= 1 and <= 100_000) && RecipientsPerDay is null or (>= 1 and <= 10_000_000)
        && RecipientsPerMail is null or (>= 1 and <= Queue.MailRecipients.Most);
}
