using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Identity;

public sealed class RefreshTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("1.12:Refresh-token-web-native", "1.5:refresh-token")]
    public async Task A_refresh_token_is_rolled_and_the_old_one_stays_good()
    {
        Contoso contoso = await lab.NewLabAsync();
        var first = await FirstAsync(contoso);
        TokenAnswer rolled = await lab.RefreshAsync(contoso, first);
        Assert.Equal(200, rolled.Status);
        Assert.NotEqual(first, rolled.Text("refresh_token"));
        Assert.Equal(200, (await lab.RefreshAsync(contoso, first)).Status);
    }

    [Fact]
    [Shows("2.4:700082", "1.12:Refresh-token-web-native")]
    public async Task After_ninety_idle_days_a_refresh_token_is_dead()
    {
        Contoso contoso = await lab.NewLabAsync();
        Guid app = contoso.ClientId;
        (_, var longSecret) = await lab.Fixture.Control.AddSecretAsync(contoso.DirectoryId, app, "long", TimeProvider.System.GetUtcNow().AddDays(700), Cancel);
        contoso = contoso with { ClientSecret = longSecret };
        var idle = await FirstAsync(contoso);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(89), Cancel);
        var used = (await lab.RefreshAsync(contoso, idle)).Text("refresh_token");
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(2), Cancel);

        TokenAnswer dead = await lab.RefreshAsync(contoso, idle);
        dead.IsRefused(400, 700082, "invalid_grant");
        Assert.Contains("was inactive for 90.00:00:00", dead.Text("error_description"), StringComparison.Ordinal);
        Assert.Equal(200, (await lab.RefreshAsync(contoso, used)).Status);
    }

    [Fact]
    [Shows("2.4:50173")]
    public async Task Revoked_sessions_and_a_reset_password_kill_the_grant()
    {
        Contoso contoso = await lab.NewLabAsync();
        var refresh = await FirstAsync(contoso);
        await lab.Fixture.Control.RevokeSessionsAsync(contoso.DirectoryId, contoso.Support, Cancel);
        (await lab.RefreshAsync(contoso, refresh)).IsRefused(400, 50173, "invalid_grant");

        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(1), Cancel);
        var again = await FirstAsync(contoso);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(1), Cancel);
        await lab.Fixture.Control.ResetPasswordAsync(contoso.DirectoryId, contoso.Support, "New-Horse-8", Cancel);
        (await lab.RefreshAsync(contoso, again)).IsRefused(400, 50173, "invalid_grant");
    }

    [Fact]
    [Shows("2.6:50057", "2.5:65001")]
    public async Task A_blocked_account_and_a_taken_back_consent_are_named()
    {
        Contoso contoso = await lab.NewLabAsync();
        var refresh = await FirstAsync(contoso);
        await lab.Fixture.Control.SetUserAsync(contoso.DirectoryId, contoso.Support, enabled: false, Cancel);
        (await lab.RefreshAsync(contoso, refresh)).IsRefused(400, 50057, "invalid_grant");
        await lab.Fixture.Control.RevokeGrantsAsync(contoso.DirectoryId, contoso.ClientId, Cancel);
        TokenAnswer taken = await lab.RefreshAsync(contoso, refresh);
        taken.IsRefused(400, 65001, "invalid_grant");
        Assert.Equal("consent_required", taken.Text("suberror"));
    }

    [Fact]
    [Shows("2.3:700007", "2.4:700005")]
    public async Task A_grant_belongs_to_its_client_and_its_directory()
    {
        Contoso contoso = await lab.NewLabAsync();
        var refresh = await FirstAsync(contoso);
        Guid other = await lab.Fixture.Control.RegisterAppAsync(contoso.DirectoryId, "Other", LabUnderTest.Callback, Cancel);
        (_, var secret) = await lab.Fixture.Control.AddSecretAsync(contoso.DirectoryId, other, "s", null, Cancel);
        (await lab.RefreshAsync(contoso with { ClientId = other, ClientSecret = secret }, refresh)).IsRefused(400, 700007, "invalid_grant");
        (await lab.RefreshAsync(contoso, refresh[..^5])).IsRefused(400, 9002313, "invalid_grant");
        (await lab.RefreshAsync(contoso, refresh, ("client_secret", null))).IsRefused(401, 7000218, "invalid_client");
    }

    [Fact]
    public async Task Without_offline_access_there_is_no_refresh_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        JsonElement grant = await lab.GrantAsync(contoso, "https://outlook.office.com/SMTP.Send");
        Assert.False(grant.TryGetProperty("refresh_token", out _));
        Assert.False(grant.TryGetProperty("id_token", out _));
    }

    private async Task<string> FirstAsync(Contoso contoso) => (await lab.GrantAsync(contoso)).GetProperty("refresh_token").GetString()!; // offline_access was asked
}
