namespace Passerelle.Gateway.Cluster;

/// <summary>Proof of who works for an app now. Every claim and settle carries it; an older epoch is refused.</summary>
internal readonly record struct Ownership(Guid OrganisationId, Guid AppId, long Epoch);

/// <summary>The app's epoch has moved: another owner works for it, and what this one began it may not settle.</summary>
internal sealed class OwnershipLost(Ownership owner)
    : Exception($"App {owner.AppId} has a newer owner than epoch {owner.Epoch}");
