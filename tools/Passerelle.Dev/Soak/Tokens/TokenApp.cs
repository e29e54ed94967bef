namespace Passerelle.Dev.Soak.Tokens;

/// <summary>One mailbox of the directory, with a registration, a secret and an Email app of its own.</summary>
internal sealed class TokenApp
{
    public required Guid Id { get; init; }
    public required string Mailbox { get; init; }
    public required Guid ClientId { get; init; }

    /// <summary>Changes when an administrator resets it.</summary>
    public required string Password { get; set; }

    /// <summary>The Secret ID of the secret in use.</summary>
    public required Guid SecretId { get; set; }

    /// <summary>Between two letters; busy apps use every token of theirs, idle ones hardly any.</summary>
    public required TimeSpan Pace { get; init; }
}

/// <summary>Something that an administrator of the directory did to one app, and what became known of it.</summary>
internal sealed class Break(string what, TokenApp app, DateTimeOffset at)
{
    public string What => what;
    public TokenApp App => app;
    public DateTimeOffset At => at;

    /// <summary>The first answer of Entra or Exchange that says so; null while nobody could know.</summary>
    public DateTimeOffset? VisibleAt { get; set; }

    /// <summary>When the webhook was called; null: never.</summary>
    public DateTimeOffset? CalledAt { get; set; }

    /// <summary>When Exchange took the alarm's mail from another app; null: never.</summary>
    public DateTimeOffset? MailedAt { get; set; }
    public DateTimeOffset? MendedAt { get; set; }
}
