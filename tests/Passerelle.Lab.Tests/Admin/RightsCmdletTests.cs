using System.Text;
using System.Text.Json;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Control;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Admin;

/// <summary>The cmdlets of steps X4, X5 and X6 (facts §7.1, §3.6 to §3.8).</summary>
public class RightsCmdletTests(LabUnderTest lab)
{
    private static readonly Guid App = new("0193a000-0000-7000-8000-00000000000a");

    [Fact, Shows("7.1:X4")]
    public async Task An_application_is_made_known_and_given_a_mailbox()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var support = shell.Contoso.Support;
        var id = "0193a000-0000-7000-8000-00000000000b";
        Assert.Empty(await shell.RunAsync("Get-ServicePrincipal"));
        await shell.RunAsync("New-ServicePrincipal", new { AppId = App, ObjectId = id, DisplayName = "Gateway" });
        Assert.Equal(400, (await shell.SendAsync("New-ServicePrincipal", new { AppId = App, ObjectId = id })).Status);
        Assert.Equal(id, (await shell.OneAsync("Get-ServicePrincipal", new { Identity = App })).GetProperty("ObjectId").GetString());
        await shell.RunAsync("Set-ServicePrincipal", new { Identity = id, DisplayName = "Desk" });

        await shell.RunAsync("Add-MailboxPermission", new { Identity = support, User = "Desk", AccessRights = "FullAccess" });
        var held = await shell.OneAsync("Get-MailboxPermission", new { Identity = support });
        Assert.Equal((id, "FullAccess"), (held.GetProperty("User").GetString(), held.GetProperty("AccessRights")[0].GetString()));
        await shell.RunAsync("Remove-MailboxPermission", new { Identity = support, User = id, AccessRights = new[] { "FullAccess" } });
        Assert.Empty(await shell.RunAsync("Get-MailboxPermission", new { Identity = support }));
        await shell.RunAsync("Remove-ServicePrincipal", new { Identity = "Desk" });
        Assert.Equal(404, (await shell.SendAsync("Get-ServicePrincipal", new { Identity = id })).Status);
    }

    [Fact, Shows("7.1:X5")]
    public async Task A_person_is_allowed_to_send_as_a_mailbox()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (support, admin) = (shell.Contoso.Support, shell.Contoso.Administrator);
        await shell.RunAsync("Add-RecipientPermission", new { Identity = support, Trustee = admin, AccessRights = "SendAs" });
        await shell.RunAsync("Add-RecipientPermission", new { Identity = support, Trustee = admin, AccessRights = "SendAs" });
        Assert.Equal(admin, (await shell.OneAsync("Get-RecipientPermission", new { Identity = support, Trustee = admin })).GetProperty("Trustee").GetString());
        Assert.Equal(400, (await shell.SendAsync("Add-RecipientPermission", new { Identity = support, Trustee = admin, AccessRights = "Everything" })).Status);
        Assert.Equal(404, (await shell.SendAsync("Add-RecipientPermission", new { Identity = support, Trustee = "nobody", AccessRights = "SendAs" })).Status);
        await shell.RunAsync("Remove-RecipientPermission", new { Identity = support, Trustee = admin, AccessRights = "SendAs" });
        Assert.Empty(await shell.RunAsync("Get-RecipientPermission", new { Identity = support }));
    }

    [Fact, Shows("3.7:Check-Test-ServicePrincipalAuthorization-Identit", "3.7:Role-names-Application-Mail.Read-Application-Mai")]
    public async Task A_role_covers_the_mailboxes_of_its_scope()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (support, admin) = (shell.Contoso.Support, shell.Contoso.Administrator);
        var id = "0193a000-0000-7000-8000-00000000000b";
        await shell.RunAsync("New-ServicePrincipal", new { AppId = App, ObjectId = id });
        await shell.RunAsync("New-ManagementScope", new { Name = "RBAC Scope", RecipientRestrictionFilter = $"PrimarySmtpAddress -eq '{support}'" });
        Assert.Equal(400, (await shell.SendAsync("New-ManagementScope", new { Name = "Group", RecipientRestrictionFilter = "MemberOfGroup -eq 'CN=x'" })).Status);
        await shell.RunAsync("New-ManagementRoleAssignment",
            new { Name = "desk", Role = "Application SMTP.SendAsApp", App = id, CustomResourceScope = "RBAC Scope" });
        Assert.Equal(404, (await shell.SendAsync("New-ManagementRoleAssignment", new { Role = "Application Everything", App = id })).Status);

        async Task<JsonElement> TestAsync(string mailbox) => await shell.OneAsync("Test-ServicePrincipalAuthorization", new { Identity = id, Resource = mailbox });
        var row = await TestAsync(support);
        Assert.Equal(["RoleName", "GrantedPermissions", "AllowedResourceScope", "ScopeType", "InScope"], row.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("SMTP.SendAsApp", "True"), (row.GetProperty("GrantedPermissions").GetString(), row.GetProperty("InScope").GetString()));
        Assert.Equal("False", (await TestAsync(admin)).GetProperty("InScope").GetString());
        await shell.RunAsync("Set-ManagementScope", new { Identity = "RBAC Scope", RecipientRestrictionFilter = "Alias -like 'supp*' -or Alias -eq 'x'" });
        Assert.Equal("True", (await TestAsync(support)).GetProperty("InScope").GetString());
        Assert.Equal(400, (await shell.SendAsync("Remove-ManagementScope", new { Identity = "RBAC Scope" })).Status);
        Assert.Equal("desk", (await shell.OneAsync("Get-ManagementRoleAssignment", new { RoleAssignee = id })).GetProperty("Name").GetString());
        await shell.RunAsync("Remove-ManagementRoleAssignment", new { Identity = "desk" });
        await shell.RunAsync("Remove-ManagementScope", new { Identity = "RBAC Scope" });
        Assert.Empty(await shell.RunAsync("Get-ManagementScope"));
    }

    [Fact, Shows("5.9:Authentication-policy")]
    public async Task A_password_is_taken_where_the_policy_of_its_owner_says_so_and_a_token_anyway()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var support = shell.Contoso.Support;
        await shell.RunAsync("Set-CASMailbox", new { Identity = support, SmtpClientAuthenticationDisabled = false });
        await shell.RunAsync("New-AuthenticationPolicy", new { Name = "Desk", AllowBasicAuthSmtp = true });
        Assert.Equal(400, (await shell.SendAsync("New-AuthenticationPolicy", new { Name = "desk" })).Status);
        Assert.StartsWith("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", await PasswordAsync(support), StringComparison.Ordinal);

        await shell.RunAsync("Set-User", new { Identity = support, AuthenticationPolicy = "Desk" });
        Assert.StartsWith("235", await PasswordAsync(support), StringComparison.Ordinal);
        Assert.Equal(400, (await shell.SendAsync("Remove-AuthenticationPolicy", new { Identity = "Desk" })).Status);

        await shell.RunAsync("Set-AuthenticationPolicy", new { Identity = "Desk", AllowBasicAuthSmtp = false });
        Assert.False((await shell.OneAsync("Get-AuthenticationPolicy", new { Identity = "Desk" })).GetProperty("AllowBasicAuthSmtp").GetBoolean());
        Assert.StartsWith("535 5.7.139", await PasswordAsync(support), StringComparison.Ordinal);
        var token = (await lab.GrantAsync(shell.Contoso)).GetProperty("access_token").GetString() ?? "";
        await using (var smtp = await EncryptedAsync()) Assert.StartsWith("235", await Submission.SignInAsync(smtp, support, token), StringComparison.Ordinal);

        await shell.RunAsync("Set-User", new { Identity = support, AuthenticationPolicy = (string?)null });
        await shell.RunAsync("Remove-AuthenticationPolicy", new { Identity = "Desk" });
        Assert.Empty(await shell.RunAsync("Get-AuthenticationPolicy"));
    }

    private async Task<Dialogue> EncryptedAsync()
    {
        var smtp = await Dialogue.OpenAsync(lab.Fixture.Endpoints.SmtpPort ?? 0); // the fixture always has one
        await smtp.EncryptAsync();
        return smtp;
    }

    private async Task<string> PasswordAsync(string user)
    {
        await using var smtp = await EncryptedAsync();
        await smtp.SayAsync("AUTH LOGIN");
        await smtp.SayAsync(Convert.ToBase64String(Encoding.ASCII.GetBytes(user)));
        return await smtp.SayAsync(Convert.ToBase64String(Encoding.ASCII.GetBytes(Contoso.Password)));
    }

    [Fact]
    public async Task An_application_access_policy_restricts_or_denies()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var (support, admin) = (shell.Contoso.Support, shell.Contoso.Administrator);
        async Task<string?> ResultAsync(string mailbox) =>
            (await shell.OneAsync("Test-ApplicationAccessPolicy", new { Identity = mailbox, AppId = App })).GetProperty("AccessCheckResult").GetString();
        Assert.Equal("Granted", await ResultAsync(admin));
        await shell.RunAsync("New-ApplicationAccessPolicy", new { AppId = App, PolicyScopeGroupId = support, AccessRight = "RestrictAccess" });
        Assert.Equal(("Granted", "Denied"), (await ResultAsync(support), await ResultAsync(admin)));
        var denies = await shell.OneAsync("New-ApplicationAccessPolicy", new { AppId = App, PolicyScopeGroupId = support, AccessRight = "DenyAccess", Description = "Never" });
        Assert.Equal("Denied", await ResultAsync(support));
        var identity = denies.GetProperty("Identity").GetString();
        await shell.RunAsync("Set-ApplicationAccessPolicy", new { Identity = identity, Description = "Not now" });
        Assert.Equal("Not now", (await shell.OneAsync("Get-ApplicationAccessPolicy", new { Identity = identity })).GetProperty("Description").GetString());
        await shell.RunAsync("Remove-ApplicationAccessPolicy", new { Identity = identity });
        Assert.Equal("Granted", await ResultAsync(support));
    }

    [Fact, Shows("7.1:limits")]
    public async Task The_limits_and_how_much_of_them_is_used_can_be_read()
    {
        var shell = await AdminShell.OpenAsync(lab);
        var status = await shell.OneAsync("Get-LimitsEnforcementStatus");
        Assert.Equal((0, "Allowed"), (status.GetProperty("ObservedValue").GetInt32(), status.GetProperty("Verdict").GetString()));
        Assert.True(status.GetProperty("Threshold").GetInt32() > 9_500);
    }

    [Fact, Shows("5.9:Legacy-TLS")]
    public async Task Switches_of_the_organisation_are_read_back()
    {
        var shell = await AdminShell.OpenAsync(lab);
        await shell.RunAsync("Set-TransportConfig", new { AllowLegacyTLSClients = true });
        Assert.True((await shell.OneAsync("Get-TransportConfig")).GetProperty("AllowLegacyTLSClients").GetBoolean());
        await shell.RunAsync("Set-OrganizationConfig", new { SendFromAliasEnabled = true });
        Assert.True((await shell.OneAsync("Get-OrganizationConfig")).GetProperty("SendFromAliasEnabled").GetBoolean());
        await shell.RunAsync("Set-HostedOutboundSpamFilterPolicy",
            new { Identity = "Default", RecipientLimitExternalPerHour = 7, ActionWhenThresholdReached = "Alert" });
        var policy = await shell.OneAsync("Get-HostedOutboundSpamFilterPolicy", new { Identity = "Default" });
        Assert.Equal((7, "Alert"), (policy.GetProperty("RecipientLimitExternalPerHour").GetInt32(), policy.GetProperty("ActionWhenThresholdReached").GetString()));
    }
}
