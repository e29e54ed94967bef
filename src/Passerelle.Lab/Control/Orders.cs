using System.Collections.Immutable;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

// The bodies of the control API, one record per order.

/// <param name="Seconds">How far to move the lab's clock forward; 1 second to 10 years.</param>
/// <param name="Shown">From now on the lab's servers show its time in the Date header: to a client it is its own clock that is slow.</param>
internal sealed record ClockOrder(long Seconds, bool Shown = false);

/// <param name="Domains">Verified domains, the default one first; null leaves the directory with its initial domain alone.</param>
internal sealed record DirectoryOrder(string DisplayName, ImmutableArray<string>? Domains = null);

internal sealed record DomainOrder(string Name);

internal sealed record OutsideOrder(string Name, ImmutableArray<CustomerOrder>? Customers = null);

internal sealed record CustomerOrder(string Address, string DisplayName, string Password);

internal sealed record UserOrder(
    string Address, string DisplayName, string Password, bool Mailbox = true, bool Administrator = false, bool Enabled = true);

/// <param name="DisplayName">Null leaves it; the same for the others.</param>
internal sealed record UserChangeOrder(string? DisplayName = null, bool? Enabled = null, bool? Administrator = null);

internal sealed record PasswordOrder(string Password);

/// <param name="Enabled">Null makes the mailbox inherit the organisation's switch.</param>
internal sealed record MailboxSmtpOrder(bool? Enabled);

internal sealed record SwitchOrder(bool Enabled);

/// <param name="Address">Null switches forwarding off.</param>
internal sealed record ForwardingOrder(string? Address, bool KeepCopy = false);

internal sealed record ProxyAddressesOrder(ImmutableArray<string> Addresses);

internal sealed record ConsentSettingOrder(UserConsent Setting);

internal sealed record AutoForwardingOrder(AutoForwarding Mode);

/// <param name="ClientId">Null lets the directory choose; a known one makes a well-known application.</param>
internal sealed record AppOrder(
    string DisplayName, SignInAudience Audience = SignInAudience.AzureADMyOrg, ImmutableArray<RedirectUri>? RedirectUris = null,
    Guid? ClientId = null);

internal sealed record AuthenticationOrder(
    ImmutableArray<RedirectUri> RedirectUris, bool ImplicitAccessTokens, bool ImplicitIdTokens, bool AllowPublicClient);

/// <param name="ExpiresAt">Null means 180 days from now, lab time; at most 24 months.</param>
internal sealed record SecretOrder(string Description, DateTimeOffset? ExpiresAt = null);

internal sealed record PermissionsOrder(ImmutableArray<ApiPermission> Permissions);

internal sealed record EnterpriseOrder(bool Enabled, bool AssignmentRequired, ImmutableArray<Guid>? AssignedUsers = null);

/// <param name="Value">Shown here and never again.</param>
internal sealed record NewSecret(Guid SecretId, string Value, string Description, DateTimeOffset ExpiresAt);
