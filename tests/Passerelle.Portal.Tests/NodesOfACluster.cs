using Microsoft.Extensions.DependencyInjection;
using Passerelle.Dev.Soak;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;

namespace Passerelle.Portal.Tests;

/// <summary>What an admin sees of the machines that share the work.</summary>
public sealed class NodesOfACluster(BrowserFixture browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_shows_each_node_what_it_owns_and_that_one_has_ended()
    {
        Assert.SkipUnless(
            ThrowAwayPostgres.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed (apt-get install postgresql)");
        await using var postgres = await ThrowAwayPostgres.StartAsync();
        var database = await postgres.NewDatabaseAsync();
        var shared = Directory.CreateTempSubdirectory("passerelle-nodes-").FullName;
        try
        {
            await using var first = await RunningGateway.StartAsync(Settings("mail-a"));
            await using var visitor = await browser.VisitAsync(first.Url);
            await visitor.OpenAsync("/first-run");
            await visitor.SetUpAsync(first);
            var organisation = (await first.Services.GetRequiredService<People>().OrganisationsAsync(Cancel)).Single();
            var apps = first.Services.GetRequiredService<EmailApps>();
            var app = await apps.OpenDraftAsync(organisation, Cancel);
            await apps.KeepDraftAsync(organisation, app.Id, AppForm.Of(app) with { AssetName = "Support", EmailId = "support@contoso.example" }, Cancel);
            await first.Services.GetRequiredService<Ownerships>().OfAsync(organisation, app.Id, Cancel);

            await using (await RunningGateway.StartAsync(Settings("mail-b")))
            {
                await visitor.OpenAsync("/settings");
                await visitor.FollowAsync("a[href='/settings/nodes']");
                await visitor.Page.Locator("[data-node='mail-b'][data-state='lives']").WaitForAsync();
                var mine = visitor.Page.Locator("[data-node='mail-a'][data-state='lives']");
                await mine.Locator("summary").ClickAsync();
                Assert.Equal("Support", await mine.Locator($"a[href='/apps/{app.Id}']").InnerTextAsync());
            }
            await visitor.Page.Locator("[data-node='mail-b'][data-state='gone']").WaitForAsync(); // the page follows by itself
            var findings = new List<string>();
            await visitor.LookAsync("nodes-of-a-cluster", findings);
            Assert.Empty(findings);
            Assert.Empty(visitor.Trouble);
        }
        finally
        {
            Directory.Delete(shared, recursive: true);
        }

        string[] Settings(string node) =>
        [
            $"--Store:Postgres={database}", $"--Store:SharedFolder={Path.Combine(shared, "files")}", $"--Store:KeyFile={Path.Combine(shared, "key")}",
            "--Cluster:Enabled=true", $"--Cluster:Node={node}", FormattableString.Invariant($"--Cluster:Port={Ports.Kept()}"),
        ];
    }
}
