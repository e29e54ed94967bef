using System.Text.Json;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Commands;

public sealed class AppsAndDoctorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apps_are_listed_shown_and_examined_whether_the_server_runs_or_not(bool running)
    {
        await using var gateway = await LiveGateway.StartAsync();
        var app = await AppAsync(gateway);
        if (!running) await gateway.StopAsync();

        var list = await Typed.RunAsync("apps", "list", "--data", gateway.Data);
        Assert.Equal((0, ""), (list.Code, list.Error));
        Assert.Contains($"{app}\tSupport\tsupport@contoso.example\tdraft\t", list.Output, StringComparison.Ordinal);

        var json = await Typed.RunAsync("apps", "list", "--json", "--data", gateway.Data);
        Assert.Equal(app, JsonDocument.Parse(json.Output).RootElement[0].GetProperty("id").GetGuid());

        foreach (var name in new[] { app.ToString(), "support", "SUPPORT@contoso.example" })
        {
            var show = await Typed.RunAsync("apps", "show", name, "--json", "--data", gateway.Data);
            Assert.Equal(app, JsonDocument.Parse(show.Output).RootElement.GetProperty("id").GetGuid());
        }

        var doctor = await Typed.RunAsync("doctor", "Support", "--json", "--data", gateway.Data);
        Assert.Equal((1, ""), (doctor.Code, doctor.Error)); // a draft has steps that are wrong
        var document = JsonDocument.Parse(doctor.Output).RootElement;
        Assert.Equal(app, document.GetProperty("app").GetGuid());
        Assert.All(document.GetProperty("findings").EnumerateArray(), finding => Assert.Equal(
            ["check", "detail", "evidence", "fix", "owner", "result", "setupStep"], finding.EnumerateObject().Select(field => field.Name).Order()));
        Assert.Contains(document.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("result").GetString() == "wrong");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_app_is_answered_with_those_there_are(bool running)
    {
        await using var gateway = await LiveGateway.StartAsync();
        await AppAsync(gateway);
        if (!running) await gateway.StopAsync();
        var typed = await Typed.RunAsync("doctor", "sales", "--data", gateway.Data);
        Assert.Equal("There is no app sales. There are: support@contoso.example.", typed.Sentence());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Before_the_first_run_a_command_says_so(bool running)
    {
        await using var gateway = await LiveGateway.StartAsync(firstRun: false);
        if (!running) await gateway.StopAsync();
        Assert.StartsWith("The first run has not been done", (await Typed.RunAsync("apps", "list", "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_organisations_are_told_apart_by_the_option()
    {
        await using var gateway = await LiveGateway.StartAsync();
        await AppAsync(gateway);
        var (other, _) = await gateway.OrganisationAsync("fabrikam");
        Assert.Contains("organisation", (await Typed.RunAsync("apps", "list", "--data", gateway.Data)).Sentence(), StringComparison.OrdinalIgnoreCase);
        var typed = await Typed.RunAsync("apps", "list", "--json", "--data", gateway.Data, "--organisation", other.ToString());
        Assert.Equal((0, "[]"), (typed.Code, typed.Output.Trim()));
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_empty_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-empty-").FullName;
        Assert.Equal(
            $"There is no data folder {folder}/none. Name it with --data or PASSERELLE_DATA.",
            (await Typed.RunAsync("apps", "list", "--data", $"{folder}/none")).Sentence());
        Assert.Contains("holds no installation", (await Typed.RunAsync("apps", "list", "--data", folder)).Sentence(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task A_folder_that_another_command_works_on_is_left_alone()
    {
        await using var gateway = await LiveGateway.StartAsync();
        await gateway.StopAsync();
        using var held = DataFolderLock.Take(gateway.Data, TimeProvider.System);
        var sentence = (await Typed.RunAsync("apps", "list", "--data", gateway.Data)).Sentence();
        Assert.Contains($"in use by process {Environment.ProcessId}", sentence, StringComparison.Ordinal);
        Assert.Contains("no server answers", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("apps", "list", "--nonsense")]
    [InlineData("serve", "--Nosection:Key=1")]
    [InlineData("serve", "--Sending:Nokey=1")]
    [InlineData("inspect")]
    [InlineData("nonsense")]
    public async Task A_command_that_is_called_wrongly_ends_with_2(params string[] words) =>
        Assert.Equal(2, (await Typed.RunAsync(words)).Code);

    private static async Task<Guid> AppAsync(LiveGateway gateway)
    {
        var organisation = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var app = await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel);
        await gateway.Get<EmailApps>().KeepDraftAsync(
            organisation, app.Id, AppForm.Of(app) with { AssetName = "Support", EmailId = "support@contoso.example" }, LiveGateway.Cancel);
        return app.Id;
    }
}
