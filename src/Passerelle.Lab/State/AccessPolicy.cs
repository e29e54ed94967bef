using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>A stand-in for a conditional access policy: who and what it covers, and the one thing that it demands.</summary>
internal sealed record AccessPolicy
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public bool Enabled { get; init; } = true;
    public required AccessDemand Demand { get; init; }

    /// <summary>Client ids; empty covers every application.</summary>
    public ImmutableArray<Guid> Apps { get; init; } = [];

    /// <summary>Object ids; empty covers everybody.</summary>
    public ImmutableArray<Guid> Users { get; init; } = [];

    public ImmutableArray<Guid> ExcludedUsers { get; init; } = [];

    /// <summary>For <see cref="AccessDemand.SignInFrequency"/>, and how long a multi-factor proof counts; 0 means for ever.</summary>
    public int Hours { get; init; }

    public bool Covers(Guid app, Guid user) =>
        Enabled && (Apps.IsEmpty || Apps.Contains(app)) && (Users.IsEmpty || Users.Contains(user)) && !ExcludedUsers.Contains(user);
}

internal enum AccessDemand
{
    /// <summary>AADSTS53003.</summary>
    Block,

    /// <summary>50076, 50078, 50079.</summary>
    Mfa,

    /// <summary>70043, 70044.</summary>
    SignInFrequency,

    /// <summary>530033, for the device code flow alone.</summary>
    NoDeviceFlow,

    /// <summary>53000.</summary>
    CompliantDevice,

    /// <summary>53001.</summary>
    DomainJoinedDevice,

    /// <summary>53002.</summary>
    ApprovedApp,

    /// <summary>530003.</summary>
    ManagedDevice,

    /// <summary>50158.</summary>
    OtherProvider,
}

/// <summary>How one of the two resource applications stands in a directory; a resource that is not listed is active.</summary>
internal sealed record ResourceStanding(Guid Resource, Standing Standing, bool AssignmentRequired = false);

internal enum Standing
{
    Active,

    /// <summary>Its enterprise application is disabled: 7000117.</summary>
    Disabled,

    /// <summary>Its subscription has lapsed: 500014.</summary>
    Lapsed,

    /// <summary>It was never subscribed: 650052, or 500011 for an application alone.</summary>
    Absent,

    /// <summary>It is gone from the cloud: 650054.</summary>
    Removed,
}
