using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Sites;

/// <summary>What is saved and does not hold yet says so beside its box, in lab minutes.</summary>
public sealed partial class PendingTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Authenticated_SMTP_says_how_long_it_takes_until_it_holds()
    {
        Contoso contoso = await lab.NewLabAsync();
        await OrderAsync(contoso, "submission-settings", new { smtpAuthDelayMinutes = 60 });
        Uri person = await PersonAsync(contoso);
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd page = await browser.OpenAsync(person, Cancel);
        Assert.Empty(Minutes(page));
        page = await browser.SubmitAsync(page, "apps", new() { ["smtp"] = "on" }, Cancel);
        Assert.InRange(Assert.Single(Minutes(page)), 50, 60);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(40), Cancel);
        Assert.InRange(Assert.Single(Minutes(await browser.OpenAsync(person, Cancel))), 10, 20);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(20), Cancel);
        Assert.Empty(Minutes(await browser.OpenAsync(person, Cancel)));
    }

    [Fact]
    public async Task A_mailbox_that_inherits_says_it_of_the_organisations_switch_and_one_that_does_not_is_silent()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetMailboxSmtpAuthAsync(contoso.DirectoryId, contoso.Sales, true, Cancel);
        await OrderAsync(contoso, "submission-settings", new { smtpAuthDelayMinutes = 60 });
        await lab.Fixture.Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        using LabBrowser browser = lab.Fixture.Browser();
        Assert.Single(Minutes(await browser.OpenAsync(await PersonAsync(contoso), Cancel)));
        Assert.Single(Minutes(await browser.OpenAsync(At($"/admin/{contoso.DirectoryId}/mail-flow"), Cancel)));
        Assert.Empty(Minutes(await browser.OpenAsync(await PersonAsync(contoso, contoso.Sales), Cancel)));
    }

    [Fact]
    public async Task Forwarding_says_when_a_change_of_what_may_go_outside_will_hold()
    {
        Contoso contoso = await lab.NewLabAsync();
        await OrderAsync(contoso, "mail-flow/delay", new { minutes = 30 });
        using LabBrowser browser = lab.Fixture.Browser();
        SignInEnd policy = await browser.OpenAsync(At($"/security/{contoso.DirectoryId}/outbound?lang=fr"), Cancel);
        await browser.SubmitAsync(policy, "outbound", new() { ["mode"] = "Off" }, Cancel);
        SignInEnd page = await browser.OpenAsync(await PersonAsync(contoso), Cancel);
        Assert.InRange(Assert.Single(Minutes(page)), 20, 30);
        Assert.InRange(page.Html.IndexOf("minutes de laboratoire", StringComparison.Ordinal), page.Html.IndexOf("id=\"forwarding\"", StringComparison.Ordinal), page.Html.Length);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(30), Cancel);
        Assert.Empty(Minutes(await browser.OpenAsync(await PersonAsync(contoso), Cancel)));
    }

    private static int[] Minutes(SignInEnd page) =>
        [.. LabMinutes().Matches(page.Html).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    private Task<JsonElement> OrderAsync(Contoso contoso, string what, object order) =>
        lab.Fixture.Control.SendAsync(HttpMethod.Put, $"directories/{contoso.DirectoryId}/{what}", order, Cancel);

    private async Task<Uri> PersonAsync(Contoso contoso, string? address = null)
    {
        JsonElement user = await lab.Fixture.Control.SendAsync(
            HttpMethod.Get, $"directories/{contoso.DirectoryId}/users/{address ?? contoso.Support}", null, Cancel);
        return At($"/admin/{contoso.DirectoryId}/users/{user.GetProperty("id").GetString()}");
    }

    private Uri At(string path) => new(lab.Fixture.Endpoints.Http, path);

    [GeneratedRegex(@"(\d+) (?:lab minutes|minutes de laboratoire)")]
    private static partial Regex LabMinutes();
}
