using System.Globalization;
using System.Text;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Apps.Credentials;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Tests.Sending;

namespace Passerelle.Gateway.Tests.Apps;

/// <summary>What ends when, as page and as iCalendar feed.</summary>
public sealed class CredentialCalendarTests
{
    [Fact]
    public async Task Secret_grant_and_consent_of_an_app_stand_in_it_each_with_its_own_kind_of_end()
    {
        await using var rig = await SendingRig.OpenAsync();
        await MicrosoftAsync(rig);
        var calendar = new CredentialCalendar(rig.Office.Temp.Store, rig.Office.Temp.Time);
        var all = (await calendar.OfAsync(rig.Office.Organisation, TempStore.Cancel)).ToDictionary(credential => credential.Kind);
        Assert.Equal(["client-secret", "consent", "grant"], all.Keys.Order());
        Assert.Equal(CredentialEnd.Unknown, all["client-secret"].End);
        Assert.Equal((CredentialEnd.Rolls, Today(rig).AddDays(90)), (all["grant"].End, all["grant"].EndsOn));
        Assert.Equal(CredentialEnd.Withdrawn, all["consent"].End);
        Assert.Equal("support@contoso.example", all["grant"].Of);
    }

    [Fact]
    public async Task An_unknown_day_is_shown_as_unknown_and_asked_again_after_thirty_days()
    {
        await using var rig = await SendingRig.OpenAsync();
        var time = rig.Office.Temp.Time;
        var calendar = new CredentialCalendar(rig.Office.Temp.Store, time);
        Assert.False(await AsksAsync());
        time.Advance(TimeSpan.FromDays(30));
        Assert.True(await AsksAsync());

        Assert.True(await calendar.AnswerAsync(rig.Office.Organisation, rig.Office.App, null, TempStore.Cancel));
        Assert.False(await AsksAsync());
        time.Advance(TimeSpan.FromDays(29));
        Assert.False(await AsksAsync());
        time.Advance(TimeSpan.FromDays(1));
        Assert.True(await AsksAsync());

        Assert.True(await calendar.AnswerAsync(rig.Office.Organisation, rig.Office.App, new DateOnly(2028, 5, 1), TempStore.Cancel));
        Assert.Equal((CredentialEnd.OnDay, new DateOnly(2028, 5, 1)), ((await SecretAsync()).End, (await SecretAsync()).EndsOn));

        async Task<Credential> SecretAsync() =>
            Assert.Single(await calendar.OfAsync(rig.Office.Organisation, TempStore.Cancel), credential => credential.Kind == Credential.ClientSecret);
        async Task<bool> AsksAsync() => (await SecretAsync()).AsksAt(time.GetUtcNow());
    }

    [Fact]
    public async Task A_certificate_has_the_day_that_is_written_in_it_and_the_next_one_stands_beside_it()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SetAsync("proof = 'certificate'");
        var first = Assert.IsType<CertificateOutcome.Kept>(await rig.Certificates.MakeAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)).Certificate;
        rig.Office.Temp.Time.Advance(TimeSpan.FromDays(340));
        var next = Assert.IsType<CertificateOutcome.Kept>(await rig.Certificates.MakeAsync(rig.Office.Organisation, rig.Office.App, TempStore.Cancel)).Certificate;
        var calendar = new CredentialCalendar(rig.Office.Temp.Store, rig.Office.Temp.Time);
        var all = (await calendar.OfAsync(rig.Office.Organisation, TempStore.Cancel)).ToDictionary(credential => credential.Kind);
        Assert.Equal(["certificate", "consent", "grant", "next-certificate"], all.Keys.Order()); // the secret proves nothing now
        Assert.Equal((first.Thumbprint, DateOnly.FromDateTime(first.EndsAt.UtcDateTime)), (all["certificate"].Of, all["certificate"].EndsOn));
        Assert.Equal(next.Thumbprint, all["next-certificate"].Of);
        Assert.Contains(await calendar.EndingAsync(60, TempStore.Cancel), credential => credential.Kind == Credential.Certificate);

        await rig.SetAsync("certificate_id = @next", new { next = next.Id });
        Assert.Equal(next.Thumbprint, Assert.Single(await calendar.OfAsync(rig.Office.Organisation, TempStore.Cancel), credential => credential.Kind.EndsWith("certificate", StringComparison.Ordinal)).Of);
    }

    [Fact]
    public async Task Nobody_answers_for_another_organisation()
    {
        await using var rig = await SendingRig.OpenAsync();
        var calendar = new CredentialCalendar(rig.Office.Temp.Store, rig.Office.Temp.Time);
        var other = await rig.Office.Temp.OrganisationAsync("Fabrikam");
        Assert.Empty(await calendar.OfAsync(other, TempStore.Cancel));
        Assert.False(await calendar.AnswerAsync(other, rig.Office.App, null, TempStore.Cancel));
        Assert.False(await calendar.AnswerAsync(other, rig.Office.App, new DateOnly(2028, 5, 1), TempStore.Cancel));
    }

    [Fact]
    public async Task The_feed_is_iCalendar_that_another_program_reads()
    {
        await using var rig = await SendingRig.OpenAsync();
        await MicrosoftAsync(rig);
        await rig.Office.WriteAsync(tx => tx.For(rig.Office.Organisation).Execute(
            "UPDATE app SET asset_name = @name WHERE organisation_id = @organisation",
            new { name = "Support; Genève, Zürich\\Basel — a long name that has to be folded somewhere because a line may hold 75 octets only" }));
        var calendar = new CredentialCalendar(rig.Office.Temp.Store, rig.Office.Temp.Time);
        await calendar.AnswerAsync(rig.Office.Organisation, rig.Office.App, new DateOnly(2028, 5, 1), TempStore.Cancel);
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("en");
        var text = CredentialFeed.Write(
            await calendar.OfAsync(rig.Office.Organisation, TempStore.Cancel), new Installation("https://mail.contoso.example", "in.contoso.example", "proxy"), new Texts(),
            rig.Office.Temp.Time.GetUtcNow());

        Assert.All(text.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75)); // RFC 5545 §3.1
        Assert.Contains("DTSTART;VALUE=DATE:20280501", text, StringComparison.Ordinal);
        var read = Ical.Net.Calendar.Load(text);
        Assert.NotNull(read);
        Assert.Equal(2, read.Events.Count); // secret and grant; a consent has no day
        var secret = Assert.Single(read.Events, one => one.Uid!.StartsWith($"{rig.Office.App}-client-secret", StringComparison.Ordinal)); // we wrote it
        Assert.StartsWith("Client secret of Support; Genève, Zürich\\Basel — a long name", secret.Summary, StringComparison.Ordinal);
        Assert.Contains("letters wait", secret.Description, StringComparison.Ordinal);
        Assert.Equal(2, secret.Alarms.Count);
        Assert.True(secret.IsAllDay);
    }

    /// <summary>As the form of Microsoft 365 would have saved it.</summary>
    private static Task MicrosoftAsync(SendingRig rig) => rig.Office.WriteAsync(
        tx => tx.For(rig.Office.Organisation).Execute("UPDATE app SET preset = 'microsoft365' WHERE organisation_id = @organisation"));

    private static DateOnly Today(SendingRig rig) => DateOnly.FromDateTime(rig.Office.Temp.Time.GetUtcNow().UtcDateTime);
}
