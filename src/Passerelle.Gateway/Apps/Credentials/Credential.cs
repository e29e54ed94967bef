namespace Passerelle.Gateway.Apps.Credentials;

/// <summary>Until when something holds.</summary>
internal enum CredentialEnd
{
    /// <summary>On a day that an admin named.</summary>
    OnDay,

    /// <summary>On a day that moves on with every use.</summary>
    Rolls,

    /// <summary>It has a day that nobody here knows.</summary>
    Unknown,

    /// <summary>No day: until somebody takes it back.</summary>
    Withdrawn,
}

/// <summary>Something that an app works by and that may end.</summary>
internal sealed record Credential
{
    public const string ClientSecret = "client-secret";

    /// <summary>Added beside the one in use, not proved yet.</summary>
    public const string NextClientSecret = "next-client-secret";
    public const string Certificate = "certificate";

    /// <summary>Made after the one in use.</summary>
    public const string NextCertificate = "next-certificate";
    public const string Password = "password";

    /// <summary>The authorisation: its refresh token.</summary>
    public const string Grant = "grant";

    /// <summary>The permission that somebody consented to.</summary>
    public const string Consent = "consent";

    /// <summary>Days that a refresh token of Entra lives unused (facts/microsoft365.md §1.12).</summary>
    public const int IdleDays = 90;

    /// <summary>Days after which an unknown end is asked for again.</summary>
    public const int AskAgainDays = 30;

    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public required string App { get; init; }
    public required string Mailbox { get; init; }

    /// <summary>One of the words above.</summary>
    public required string Kind { get; init; }
    public required CredentialEnd End { get; init; }

    /// <summary>Null unless <see cref="End"/> names or rolls to a day.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>Of an unknown end: when it may be asked for.</summary>
    public DateTimeOffset? AskAt { get; init; }

    /// <summary>Who signed in, or for what; empty where that says nothing.</summary>
    public string Of { get; init; } = "";

    /// <summary>Nothing stops when it ends.</summary>
    public bool IsSpare => Kind is NextClientSecret or NextCertificate;

    public bool AsksAt(DateTimeOffset now) => End is CredentialEnd.Unknown && AskAt is { } at && at <= now;
}
