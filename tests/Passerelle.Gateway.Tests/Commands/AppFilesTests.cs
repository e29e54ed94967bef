using System.Text.Json;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Commands;

public sealed class AppFilesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apps_go_out_to_a_file_and_in_again_whether_the_server_runs_or_not(bool running)
    {
        await using var gateway = await LiveGateway.StartAsync();
        var organisation = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var apps = gateway.Get<EmailApps>();
        var draft = await apps.OpenDraftAsync(organisation, LiveGateway.Cancel);
        await apps.SaveAsync(organisation, draft.Id, draft.Version, Tests.Apps.Readied.Form(draft), LiveGateway.Cancel);
        if (!running) await gateway.StopAsync();

        var exported = await Typed.RunAsync("apps", "export", "support", "--data", gateway.Data);
        Assert.Equal((0, ""), (exported.Code, exported.Error));
        Assert.Contains("assetName: Support", exported.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Tests.Apps.Readied.Secret, exported.Output, StringComparison.Ordinal);
        var file = gateway.Beside("apps.yaml");
        await File.WriteAllTextAsync(file, exported.Output, LiveGateway.Cancel);

        var same = await Typed.RunAsync("apps", "apply", "-f", file, "--data", gateway.Data);
        Assert.Equal((0, ""), (same.Code, same.Error));
        Assert.Contains("Support\tunchanged\t", same.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, exported.Output.Replace("assetName: Support", "assetName: Help", StringComparison.Ordinal), LiveGateway.Cancel);
        var dry = await Typed.RunAsync("apps", "apply", "-f", file, "--dry-run", "--data", gateway.Data);
        Assert.Contains("Help\tchanged\tAssetName: Support → Help", dry.Output, StringComparison.Ordinal);
        var done = await Typed.RunAsync("apps", "apply", "-f", file, "--json", "--data", gateway.Data);
        Assert.True(JsonDocument.Parse(done.Output).RootElement.GetProperty("done").GetBoolean());
        Assert.Contains("\tHelp\t", (await Typed.RunAsync("apps", "list", "--data", gateway.Data)).Output, StringComparison.Ordinal);

        if (!running) await gateway.StartAgainAsync();
        var entry = Assert.Single(await gateway.Get<AuditEntries>().ListAsync(organisation, new AuditFilter(AuditKinds.App), 10, LiveGateway.Cancel));
        Assert.Equal(("app-applied", Caller.OperatorSocket, "changed"), (entry.Action, entry.Origin, entry.Detail));
    }

    [Fact]
    public async Task A_file_with_a_mistake_ends_with_1_and_its_line()
    {
        await using var gateway = await LiveGateway.StartAsync();
        var file = gateway.Beside("apps.yaml");
        await File.WriteAllTextAsync(file, "passerelle: 1\napps:\n- assetName: A\n  clientSecret: planted-value\n", LiveGateway.Cancel);
        var sentence = (await Typed.RunAsync("apps", "apply", "-f", file, "--data", gateway.Data)).Sentence();
        Assert.StartsWith("Line 4: secrets are not taken from a file", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-value", sentence, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, "passerelle: 1\napps:\n- assetName: A\n  emailId: nobody\n", LiveGateway.Cancel);
        var refused = await Typed.RunAsync("apps", "apply", "-f", file, "--data", gateway.Data);
        Assert.Equal(1, refused.Code);
        Assert.Contains("A\trefused\tLine 4, emailId: ", refused.Output, StringComparison.Ordinal);
        var french = await Typed.RunAsync("apps", "apply", "-f", file, "--language", "fr", "--data", gateway.Data);
        Assert.Contains("A\trefused\tLigne 4, emailId\u00A0: ", french.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "passerelle: 1\napps: 7\n", LiveGateway.Cancel);
        Assert.StartsWith("Ligne 2\u00A0: apps est une liste", (await Typed.RunAsync("apps", "apply", "-f", file, "--language", "fr", "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await Typed.RunAsync("apps", "apply", "-f", $"{file}.absent", "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
    }
}
