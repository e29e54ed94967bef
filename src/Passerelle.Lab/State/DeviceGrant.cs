namespace Passerelle.Lab.State;

/// <summary>A device code that was handed out (facts §1.6).</summary>
internal sealed record DeviceGrant
{
    /// <summary>Nine letters and digits, what the person types.</summary>
    public required string UserCode { get; init; }

    public required Guid ClientId { get; init; }
    public required string Scope { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public DeviceState State { get; init; }

    /// <summary>Who approved, and where; null until then.</summary>
    public Guid? DirectoryId { get; init; }

    public Guid? UserId { get; init; }
    public DateTimeOffset SignedInAt { get; init; }
    public DateTimeOffset? MfaAt { get; init; }
}

internal enum DeviceState
{
    Pending,
    Approved,
    Declined,
    Redeemed,
}
