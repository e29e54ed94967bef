using System.Runtime.Versioning;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Tests.Commands;

[UnsupportedOSPlatform("windows")]
public sealed class BackupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_brings_the_apps_back_and_says_that_the_key_is_not_in_it(bool running)
    {
        await using var gateway = await LiveGateway.StartAsync();
        var organisation = (await gateway.Get<People>().OrganisationsAsync(LiveGateway.Cancel)).Single();
        var app = await gateway.Get<EmailApps>().OpenDraftAsync(organisation, LiveGateway.Cancel);
        if (!running) await gateway.StopAsync();

        var backup = await Typed.RunAsync("backup", gateway.Beside("copy"), "--data", gateway.Data);
        Assert.Equal((0, ""), (backup.Code, backup.Error));
        Assert.Contains("The key file is NOT in it", backup.Output, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(gateway.Beside("copy")));

        var restore = await Typed.RunAsync("restore", gateway.Beside("copy"), "--data", gateway.Beside("other"));
        Assert.Equal((0, ""), (restore.Code, restore.Error));
        Assert.Contains($"put the key file of that installation at {gateway.Beside("other.key")}", restore.Output, StringComparison.Ordinal);

        File.Copy($"{gateway.Data}.key", gateway.Beside("other.key"));
        var list = await Typed.RunAsync("apps", "list", "--json", "--data", gateway.Beside("other"));
        Assert.Contains(app.Id.ToString(), list.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_never_writes_over_something(bool running)
    {
        await using var gateway = await LiveGateway.StartAsync();
        if (!running) await gateway.StopAsync();
        Assert.Equal($"{gateway.Data} is not empty.", (await Typed.RunAsync("backup", gateway.Data, "--data", gateway.Data)).Sentence());
    }

    [Fact]
    public async Task A_restore_never_writes_over_something_and_knows_a_backup()
    {
        await using var gateway = await LiveGateway.StartAsync();
        Assert.Contains("holds no backup", (await Typed.RunAsync("restore", gateway.Beside("none"), "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
        await Typed.RunAsync("backup", gateway.Beside("copy"), "--data", gateway.Data);
        Assert.Contains("is not empty", (await Typed.RunAsync("restore", gateway.Beside("copy"), "--data", gateway.Data)).Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_we_make_is_closed_to_others()
    {
        await using var gateway = await LiveGateway.StartAsync(firstRun: false);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(gateway.Data));
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
}
