using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Control;

public sealed class RestartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_keeps_labs_secrets_clock_and_certificates()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-lab-").FullName;
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        try
        {
            Contoso contoso;
            string before, root;
            await using (LabFixture first = await LabFixture.StartAsync(time, folder, Cancel))
            {
                contoso = await first.ContosoAsync("demo", LabUnderTest.Callback, Cancel);
                await first.Control.SetForwardingAsync(contoso.DirectoryId, contoso.Support, "a@gateway.example", keepCopy: true, Cancel);
                await first.Control.AdvanceAsync("demo", TimeSpan.FromDays(3), Cancel);
                before = (await first.Control.ExportAsync("demo", Cancel)).GetRawText();
                root = await File.ReadAllTextAsync(first.Endpoints.CaCertificate, Cancel);
                Assert.True(File.Exists(Path.Combine(folder, "lab.json")));
            }

            Assert.False(File.Exists(Path.Combine(folder, "lab.json")));
            await using LabFixture second = await LabFixture.StartAsync(time, folder, Cancel);
            Assert.Equal(before, (await second.Control.ExportAsync("demo", Cancel)).GetRawText());
            Assert.Equal(root, await File.ReadAllTextAsync(second.Endpoints.CaCertificate, Cancel));
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = contoso.ClientId.ToString(),
                ["client_secret"] = contoso.ClientSecret,
                ["scope"] = "https://outlook.office365.com/.default",
            });
            using HttpResponseMessage answer = await second.Http.PostAsync(second.Endpoints.TokenEndpoint(contoso.DirectoryId), form, Cancel);
            Assert.True(answer.IsSuccessStatusCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_holds_secrets_is_for_the_owner_alone()
    {
        await using LabFixture lab = await LabFixture.StartAsync(Cancel);
        await lab.Control.OpenLabAsync("demo", Cancel);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(lab.DataFolder, "keys")).Append(Path.Combine(lab.DataFolder, "lab.json")))
            Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & others) == 0, file);
    }

    [Fact]
    public async Task The_endpoints_file_says_how_to_reach_everything()
    {
        await using LabFixture lab = await LabFixture.StartAsync(Cancel);
        JsonElement at = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllBytesAsync(Path.Combine(lab.DataFolder, "lab.json"), Cancel));
        Assert.Equal(lab.Endpoints.ControlBearer, at.GetProperty("controlBearer").GetString());
        Assert.Equal(lab.Endpoints.Https, new Uri(at.GetProperty("https").GetString()!)); // the file always has it
        Assert.Equal(lab.Endpoints.SmtpPort, at.GetProperty("smtpPort").GetInt32());
        Assert.Contains("BEGIN CERTIFICATE", await File.ReadAllTextAsync(at.GetProperty("caBundle").GetString()!, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_cannot_take_the_folder()
    {
        await using LabFixture lab = await LabFixture.StartAsync(Cancel);
        await Assert.ThrowsAsync<IOException>(() => LabFixture.StartAsync(TimeProvider.System, lab.DataFolder, Cancel));
    }
}
