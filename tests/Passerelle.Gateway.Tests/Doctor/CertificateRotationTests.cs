using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Apps.Credentials;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Tests.Sending;

namespace Passerelle.Gateway.Tests.Doctor;

/// <summary>A certificate is changed as a secret is: the registration knows both, the new one is proved, and only then the old one goes.</summary>
public sealed class CertificateRotationTests
{
    [Fact]
    public async Task The_new_certificate_takes_over_after_a_token_and_a_test_mail_and_the_old_ones_key_is_erased()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        var next = await MakeAsync(rig);
        Register(rig, old, next);
        Assert.True(await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel));
        Assert.IsType<RotationOutcome.Later>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)); // nothing is proved

        Assert.IsType<RotationOutcome.Sending>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal(NameOf(next), SignedBy(rig.Authority.Asked.Last()));
        Assert.Equal(old.Id, (await rig.AppAsync()).CertificateId); // in use until the mail has left
        Assert.IsType<RotationOutcome.Later>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.False(await rig.Certificates.RemoveAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel)); // it is being proved

        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Contains("Passerelle: send test", Assert.Single(rig.Server.Mails), StringComparison.Ordinal);
        Assert.IsType<RotationOutcome.Switched>(await rotations.SwitchAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal([next.Id], (await rig.Certificates.ListAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)).Select(one => one.Id));

        Register(rig, next); // the old one is deleted in Entra
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Equal((AppState.Connected, next.Id), ((await rig.AppAsync()).State, (await rig.AppAsync()).CertificateId));
    }

    [Fact]
    public async Task A_certificate_that_the_registration_does_not_know_breaks_nothing_and_says_where_it_is_to_be_uploaded()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        var next = await MakeAsync(rig);
        Register(rig, old);
        await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel);
        var refused = Assert.IsType<RotationOutcome.Refused>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal("E4b", refused.Finding.SetupStep);
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
        Assert.NotNull((await rotations.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel))?.Refusal);

        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State); // with the old one
    }

    [Fact]
    public async Task An_application_that_signs_in_as_itself_changes_its_certificate_the_same_way()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        await rig.SetAsync("way = 'app-only', scope = 'https://mail.example/.default'");
        var next = await MakeAsync(rig);
        Register(rig, old, next);
        await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel);
        Assert.IsType<RotationOutcome.Sending>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal(("client_credentials", NameOf(next)), (rig.Authority.Asked.Last()["grant_type"], SignedBy(rig.Authority.Asked.Last())));
    }

    [Fact]
    public async Task An_app_whose_certificate_has_ended_works_again_as_soon_as_the_new_one_gives_a_token()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        var next = await MakeAsync(rig);
        Register(rig, next);
        rig.Office.Temp.Time.Advance(TimeSpan.FromHours(2));
        var waiting = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, AppState.Broken), (waiting.State, await rig.Office.AppStateAsync()));

        await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel);
        var switched = Assert.IsType<RotationOutcome.Switched>(await rotations.ProveAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal(1, Assert.IsType<ConnectOutcome.Connected>(switched.Connected).Freed);
        Assert.DoesNotContain(await rig.Certificates.ListAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel), one => one.Id == old.Id);
    }

    [Fact]
    public async Task Whoever_aborts_keeps_the_old_one_and_the_new_one_stays_to_be_tried_again_or_removed()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        var next = await MakeAsync(rig);
        await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel);
        Assert.True(await rotations.AbortAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Null(await rotations.FindAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel));
        Assert.Equal(old.Id, (await rig.AppAsync()).CertificateId);
        Assert.True(await rig.Certificates.RemoveAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel));
    }

    [Fact]
    public async Task A_working_app_takes_no_other_certificate_unproved_and_nobody_elses()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        var next = await MakeAsync(rig);
        Assert.False(await rig.Certificates.UseAsync(rig.Office.Organisation, rig.Office.App, next.Id, TempStore.Cancel));
        Assert.False(await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, old.Id, TempStore.Cancel)); // in use already
        var stranger = await rig.Office.Temp.OrganisationAsync("Fabrikam");
        Assert.False(await rotations.AddCertificateAsync(stranger, rig.Office.App, next.Id, TempStore.Cancel));
        var other = await rig.Office.AppAsync("other@contoso.example");
        var theirs = Assert.IsType<CertificateOutcome.Kept>(await rig.Certificates.MakeAsync(rig.Office.Organisation, other, TempStore.Cancel)).Certificate;
        Assert.False(await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, theirs.Id, TempStore.Cancel));
        Assert.Equal(old.Id, (await rig.AppAsync()).CertificateId);
    }

    /// <summary>The calendar names the one being proved too, even when it was made before the one in use.</summary>
    [Fact]
    public async Task The_calendar_shows_the_one_being_proved_once()
    {
        await using var rig = await SendingRig.OpenAsync();
        var (old, rotations) = (await ProvedByCertificateAsync(rig), RotationTests.Rotations(rig));
        var next = await MakeAsync(rig);
        await rig.SetAsync("certificate_id = @next", new { next = next.Id });
        await rotations.AddCertificateAsync(rig.Office.Organisation, rig.Office.App, old.Id, TempStore.Cancel);
        var all = await new CredentialCalendar(rig.Office.Temp.Store, rig.Office.Temp.Time).OfAsync(rig.Office.Organisation, TempStore.Cancel);
        Assert.Equal(next.Thumbprint, Assert.Single(all, credential => credential.Kind == Credential.Certificate).Of);
        Assert.Equal(old.Thumbprint, Assert.Single(all, credential => credential.Kind == Credential.NextCertificate).Of);
    }

    private static async Task<ClientCertificate> ProvedByCertificateAsync(SendingRig rig)
    {
        var first = await MakeAsync(rig); // the first is in use at once
        await rig.SetAsync("proof = 'certificate'");
        return first;
    }

    private static async Task<ClientCertificate> MakeAsync(SendingRig rig)
    {
        rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        return Assert.IsType<CertificateOutcome.Kept>(await rig.Certificates.MakeAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)).Certificate;
    }

    private static string NameOf(ClientCertificate certificate)
    {
        using var open = X509Certificate2.CreateFromPem(certificate.PublicPart);
        return WebEncoders.Base64UrlEncode(SHA256.HashData(open.RawData));
    }

    /// <summary><c>x5t#S256</c> of the assertion.</summary>
    private static string? SignedBy(IReadOnlyDictionary<string, string> asked) =>
        JsonSerializer.Deserialize<JsonElement>(WebEncoders.Base64UrlDecode(asked["client_assertion"].Split('.')[0])).GetProperty("x5t#S256").GetString();

    /// <summary>What the registration lists; a statement signed by another key is refused as Entra does (facts/microsoft365.md §1.13).</summary>
    private static void Register(SendingRig rig, params ClientCertificate[] known)
    {
        var names = known.Select(NameOf).ToHashSet();
        var issued = 1;
        rig.Authority.Answer = form => Task.FromResult<(int, object)>(SignedBy(form) is { } name && names.Contains(name)
            ? (200, new { token_type = "Bearer", access_token = $"token-{++issued}", expires_in = 3600, refresh_token = $"refresh-{issued}" })
            : (401, new { error = "invalid_client", error_description = "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application.", error_codes = new[] { 700027 } }));
    }
}
