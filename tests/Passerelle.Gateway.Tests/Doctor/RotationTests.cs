using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>A client secret is changed with overlap: proved first, and the old one works until then.</summary>
public sealed class RotationTests
{
    private const string Old = "a1B8Q~not-a-real-secret-0123456789abcdef";
    private const string New = "b2C9R~not-a-real-secret-fedcba9876543210";

    [Fact]
    public async Task The_new_secret_takes_over_after_a_token_and_a_test_mail_and_not_before()
    {
        await using var rig = await SendingRig.OpenAsync();
        AcceptOnly(rig, Old, New);
        var rotations = Rotations(rig);
        Assert.Empty(await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, New, "2028-11-01", false, TempStore.Cancel));
        Assert.IsType<RotationOutcome.Later>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));

        Assert.IsType<RotationOutcome.Sending>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal(New, rig.Authority.Asked.Last()["client_secret"]);
        Assert.Equal("refresh-2", await rig.StoredRefreshTokenAsync()); // what the proof bought is kept
        Assert.IsType<RotationOutcome.Later>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)); // the mail is still here

        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Contains("Passerelle: send test", Assert.Single(rig.Server.Mails), StringComparison.Ordinal);
        Assert.IsType<RotationOutcome.Switched>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Null(await rotations.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));

        AcceptOnly(rig, New); // the old one is deleted in Entra
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(Gateway.Queue.LetterState.Settled, (await rig.SendOneAsync()).State);
        var app = await rig.AppAsync();
        Assert.Equal((AppState.Connected, new DateTimeOffset(2028, 11, 1, 0, 0, 0, TimeSpan.Zero)), (app.State, app.SecretExpiresOn));
    }

    [Fact]
    public async Task A_new_secret_that_the_provider_refuses_breaks_nothing_and_says_whose_mistake_it_is()
    {
        await using var rig = await SendingRig.OpenAsync();
        AcceptOnly(rig, Old);
        var rotations = Rotations(rig);
        await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, New, "", true, TempStore.Cancel);
        var refused = Assert.IsType<RotationOutcome.Refused>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal("E4", refused.Finding.SetupStep);
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.NotNull((await rotations.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel))?.Refusal);

        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(Gateway.Queue.LetterState.Settled, (await rig.SendOneAsync()).State); // with the old one
    }

    [Fact]
    public async Task Whoever_aborts_keeps_the_old_one()
    {
        await using var rig = await SendingRig.OpenAsync();
        AcceptOnly(rig, Old, New);
        var rotations = Rotations(rig);
        await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, New, "", true, TempStore.Cancel);
        Assert.IsType<RotationOutcome.Sending>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.True(await rotations.AbortAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.IsType<RotationOutcome.Later>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));

        AcceptOnly(rig, Old);
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel)); // the test mail
        Assert.Equal(Gateway.Queue.LetterState.Settled, (await rig.SendOneAsync()).State);
    }

    [Fact]
    public async Task A_mail_server_that_does_not_take_the_new_token_stops_the_change()
    {
        await using var rig = await SendingRig.OpenAsync();
        AcceptOnly(rig, Old, New);
        rig.Server.TokenReply = token => token == "token-2" ? "535 5.7.3 Authentication unsuccessful" : "235 2.7.0 Authentication successful";
        var rotations = Rotations(rig);
        await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, New, "", true, TempStore.Cancel);
        Assert.IsType<RotationOutcome.Refused>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.IsType<RotationOutcome.Later>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
    }

    [Fact]
    public async Task An_app_whose_secret_has_ended_works_again_as_soon_as_the_new_one_gives_a_token()
    {
        await using var rig = await SendingRig.OpenAsync();
        AcceptOnly(rig, New);
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        var waiting = await rig.SendOneAsync();
        Assert.Equal((Gateway.Queue.LetterState.Blocked, AppState.Broken), (waiting.State, await rig.Office.AppStateAsync()));

        var rotations = Rotations(rig);
        await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, New, "2028-11-01", false, TempStore.Cancel);
        var switched = Assert.IsType<RotationOutcome.Switched>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal(1, Assert.IsType<ConnectOutcome.Connected>(switched.Connected).Freed);
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(Gateway.Queue.LetterState.Settled, await rig.Office.StateAsync(waiting.Id));
    }

    [Theory]
    [InlineData("", "2028-11-01", false, "client-secret-missing")]
    [InlineData("66666666-7777-4888-8999-aaaaaaaaaaaa", "2028-11-01", false, "client-secret-is-id")]
    [InlineData("b2C9R~cut...", "2028-11-01", false, "client-secret-cut")]
    [InlineData(New, "", false, "secret-expiry-missing")]
    [InlineData(New, "2020-01-01", false, "secret-expired")]
    [InlineData(New, "first of May", false, "secret-expiry-invalid")]
    public async Task What_cannot_be_a_secret_or_a_day_is_not_even_added(string secret, string day, bool unknown, string problem)
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.Office.WriteAsync(tx => tx.For(rig.Office.Organisation).Execute("UPDATE app SET preset = 'microsoft365' WHERE organisation_id = @organisation"));
        var rotations = Rotations(rig);
        Assert.Equal(problem, Assert.Single(await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, secret, day, unknown, TempStore.Cancel)).Code);
        Assert.Null(await rotations.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
    }

    [Fact]
    public async Task The_next_secret_is_sealed_in_a_place_of_its_own()
    {
        await using var rig = await SendingRig.OpenAsync();
        var rotations = Rotations(rig);
        await rotations.AddAsync(rig.Office.Organisation, rig.Office.App, New, "", true, TempStore.Cancel);
        var next = await rotations.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel);
        Assert.DoesNotContain(New, next!.Content, StringComparison.Ordinal); // added a line above
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(
            () => rig.Office.Temp.Sealer.Open("app", "client_secret", rig.Office.Organisation, rig.Office.App, next.Content));
    }

    internal static Rotations Rotations(SendingRig rig)
    {
        var temp = rig.Office.Temp;
        return new Rotations(
            temp.Store, temp.Sealer, temp.Apps, rig.Renewal, rig.Tokens, new SubmissionProbe(rig.Policy, rig.Trust, Options.Create(SendingRig.Settings)), rig.Connect,
            new TestLetters(temp.Store, temp.Apps, rig.Office.Signals, temp.Time), rig.Office.Signals, temp.Time);
    }

    private static void AcceptOnly(SendingRig rig, params string[] secrets)
    {
        var issued = 1;
        rig.Authority.Answer = form => Task.FromResult<(int, object)>(secrets.Contains(form["client_secret"])
            ? (200, new { token_type = "Bearer", access_token = $"token-{++issued}", expires_in = 3600, refresh_token = $"refresh-{issued}" })
            : (401, new { error = "invalid_client", error_description = "AADSTS7000215: Invalid client secret provided", error_codes = new[] { 7000215 } }));
    }
}
