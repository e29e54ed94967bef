using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Control;

public sealed class LifeTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reset_brings_back_state_mail_routes_and_clock()
    {
        Contoso contoso = await lab.NewLabAsync();
        var mail = new LabMail(lab.Fixture.Control, contoso.Lab);
        await mail.WriteAsync(contoso.Ann, contoso.Support, "before", "x", Cancel);
        await mail.RouteAsync("in.before.example", "127.0.0.1:2525", Cancel);
        await lab.Fixture.Control.TakeSnapshotAsync(contoso.Lab, "start", Cancel);
        var before = (await lab.Fixture.Control.ExportAsync(contoso.Lab, Cancel)).GetRawText();

        await mail.WriteAsync(contoso.Ann, contoso.Support, "after", "x", Cancel);
        await mail.RouteAsync("in.after.example", "127.0.0.1:2526", Cancel);
        await lab.Fixture.Control.AddUserAsync(contoso.DirectoryId, "new@" + contoso.Domain, "New", "secret", false, Cancel);
        await lab.Fixture.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromDays(400), Cancel);
        Assert.Equal(2, (await mail.ListAsync(contoso.Support, "inbox", Cancel)).Count);

        await lab.Fixture.Control.ResetAsync(contoso.Lab, null, Cancel);
        Assert.Equal(before, (await lab.Fixture.Control.ExportAsync(contoso.Lab, Cancel)).GetRawText());
        Assert.Equal("before", Assert.Single(await mail.ListAsync(contoso.Support, "inbox", Cancel)).Subject);
        Assert.Equal(["in.before.example"], (await lab.Fixture.Control.SendAsync(
            HttpMethod.Get, $"labs/{contoso.Lab}/exchange/routes", null, Cancel)).EnumerateObject().Select(route => route.Name));
    }

    [Fact]
    public async Task A_deleted_lab_leaves_its_domains_to_another()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.DeleteLabAsync(contoso.Lab, Cancel);
        LabRefusedException gone = await Assert.ThrowsAsync<LabRefusedException>(() => lab.Fixture.Control.ExportAsync(contoso.Lab, Cancel));
        Assert.Equal(404, gone.Status);
        await lab.Fixture.Control.OpenLabAsync("heir-" + contoso.Lab, Cancel);
        await lab.Fixture.Control.AddDirectoryAsync("heir-" + contoso.Lab, "Heir", [contoso.Domain], Cancel);
    }

    [Fact]
    public async Task What_a_lab_exports_as_YAML_makes_the_same_lab_again()
    {
        Contoso contoso = await lab.NewLabAsync();
        var yaml = await lab.Fixture.Control.YamlAsync(contoso.Lab, Cancel);
        var before = (await lab.Fixture.Control.ExportAsync(contoso.Lab, Cancel)).GetRawText();
        await lab.Fixture.Control.DeleteLabAsync(contoso.Lab, Cancel);
        await lab.Fixture.Control.SetYamlAsync(contoso.Lab, yaml, Cancel);
        Assert.Equal(before, (await lab.Fixture.Control.ExportAsync(contoso.Lab, Cancel)).GetRawText());
        Assert.Equal(200, (await lab.AppTokenAsync(contoso)).Status);
    }

    [Fact]
    public async Task A_lab_is_written_by_hand_in_a_few_lines()
    {
        const string yaml = """
            directories:
              - id: 0193a000-0000-7000-8000-0000000000aa
                domains: [handmade.example]
                smtpAuthEnabled: true
                users:
                  - { address: support@handmade.example, password: "2026" }
                registrations:
                  - clientId: 0193a000-0000-7000-8000-0000000000bb
                    displayName: Gateway
                    secrets: [ { value: hand-made-secret } ]
            """;
        await lab.Fixture.Control.SetYamlAsync("handmade", yaml, Cancel);
        TokenAnswer answer = await lab.TokenAtAsync("handmade.example", null,
            ("grant_type", "client_credentials"), ("client_id", "0193a000-0000-7000-8000-0000000000bb"),
            ("client_secret", "hand-made-secret"), ("scope", "https://outlook.office365.com/.default"));
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("hand-made-secret", await lab.Fixture.Control.YamlAsync("handmade", Cancel), StringComparison.Ordinal);
        await lab.Fixture.Control.DeleteLabAsync("handmade", Cancel);
    }

    [Theory]
    [InlineData("directories: [", 400)]
    [InlineData("- a list", 400)]
    [InlineData("directoriez: []", 400)]
    [InlineData("directories: [ { domains: [x.example], smtpAuthEnabled: perhaps } ]", 400)]
    public async Task YAML_that_is_no_lab_is_refused_with_the_reason(string yaml, int status)
    {
        LabRefusedException refused = await Assert.ThrowsAsync<LabRefusedException>(() => lab.Fixture.Control.SetYamlAsync("broken", yaml, Cancel));
        Assert.Equal(status, refused.Status);
    }

    [Fact]
    public async Task YAML_cannot_take_a_domain_of_another_lab()
    {
        Contoso contoso = await lab.NewLabAsync();
        LabRefusedException taken = await Assert.ThrowsAsync<LabRefusedException>(() =>
            lab.Fixture.Control.SetYamlAsync("thief", $"directories: [ {{ domains: [{contoso.Domain}] }} ]", Cancel));
        Assert.Equal(409, taken.Status);
    }
}
