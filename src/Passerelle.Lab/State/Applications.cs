using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>An app registration; its twin in a directory is an <see cref="EnterpriseApp"/>.</summary>
internal sealed record AppRegistration
{
    /// <summary>Application (client) ID.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>Object ID of the registration: neither the client id nor the enterprise application's id.</summary>
    public required Guid ObjectId { get; init; }

    public required string DisplayName { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public SignInAudience Audience { get; init; }
    public ImmutableArray<RedirectUri> RedirectUris { get; init; } = [];
    public ImmutableArray<ClientSecret> Secrets { get; init; } = [];

    /// <summary>What the API permissions page lists; listing grants nothing.</summary>
    public ImmutableArray<ApiPermission> Permissions { get; init; } = [];

    /// <summary>The "Access tokens" tick: matters for <c>response_type=token</c> alone.</summary>
    public bool ImplicitAccessTokens { get; init; }

    /// <summary>The "ID tokens" tick: matters for <c>response_type=id_token</c> alone.</summary>
    public bool ImplicitIdTokens { get; init; }

    public bool AllowPublicClient { get; init; }
    public ImmutableArray<KeyCredential> Keys { get; init; } = [];
    public ImmutableArray<FederatedCredential> Federations { get; init; } = [];

    /// <summary>Counts in directories that are not its own, for the consent setting "from verified publishers".</summary>
    public bool VerifiedPublisher { get; init; }

    /// <summary>Loaded in a hidden frame when its person signs out (facts §1.17); null for none.</summary>
    public string? LogoutUrl { get; init; }

    /// <summary>Object ids of the people and applications that own it; Application.ReadWrite.OwnedBy reaches no further.</summary>
    public ImmutableArray<Guid> Owners { get; init; } = [];

    /// <summary>Switched off for every directory (AADSTS7000112).</summary>
    public bool Deactivated { get; init; }

    /// <summary>Whether work and school accounts of other directories, or personal ones, may use it.</summary>
    public bool Admits(bool personal) => Audience switch
    {
        SignInAudience.AzureADMultipleOrgs => !personal,
        SignInAudience.AzureADandPersonalMicrosoftAccount => true,
        SignInAudience.PersonalMicrosoftAccount => personal,
        _ => false,
    };
}

/// <summary>Supported account types (facts §1.8), under their Graph names.</summary>
internal enum SignInAudience
{
    AzureADMyOrg,
    AzureADMultipleOrgs,
    AzureADandPersonalMicrosoftAccount,
    PersonalMicrosoftAccount,
}

internal enum RedirectPlatform
{
    Web,
    Spa,
    PublicClient,
}

/// <param name="Uri">Exactly as registered; compared as text (facts §1.7).</param>
internal sealed record RedirectUri(RedirectPlatform Platform, string Uri);

/// <summary>A secret as the directory keeps it: the value itself is shown once and forgotten.</summary>
internal sealed record ClientSecret
{
    /// <summary>Secret ID; not the secret, though many paste it as one (AADSTS7000215).</summary>
    public required Guid KeyId { get; init; }

    public required string Description { get; init; }

    /// <summary>Base64 of the SHA-256 of the value's UTF-8 bytes; the value has 200 random bits, so no salt is needed.</summary>
    public required string Sha256 { get; init; }

    /// <summary>First three characters of the value.</summary>
    public required string Hint { get; init; }

    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
}

internal enum PermissionKind
{
    Delegated,
    Application,
}

/// <param name="Resource">App id of the resource, see <c>Resources</c>.</param>
/// <param name="Name">Short name, such as <c>SMTP.Send</c>.</param>
internal sealed record ApiPermission(Guid Resource, string Name, PermissionKind Kind);

/// <summary>A service principal: the application as one directory knows it.</summary>
internal sealed record EnterpriseApp
{
    public required Guid ClientId { get; init; }

    /// <summary>The <c>oid</c> of app-only tokens, and the id that New-ServicePrincipal wants (facts §3.6).</summary>
    public required Guid ObjectId { get; init; }

    public required string DisplayName { get; init; }
    public bool Enabled { get; init; } = true;
    public bool AssignmentRequired { get; init; }
    public ImmutableArray<Guid> AssignedUsers { get; init; } = [];

    /// <summary>Granted application permissions: the <c>roles</c> of app-only tokens.</summary>
    public ImmutableArray<RoleGrant> Roles { get; init; } = [];

    /// <summary>Entra roles assigned to it, by name, such as <c>Exchange Administrator</c> (facts §7.2).</summary>
    public ImmutableArray<string> DirectoryRoles { get; init; } = [];
}

internal sealed record RoleGrant(Guid Resource, string Role);

/// <summary>An oauth2PermissionGrant.</summary>
/// <param name="UserId">Null when an administrator consented for everybody.</param>
internal sealed record DelegatedGrant(Guid ClientId, Guid? UserId, Guid Resource, ImmutableArray<string> Scopes);
