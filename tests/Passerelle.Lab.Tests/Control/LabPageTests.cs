using System.Diagnostics;
using System.Text.RegularExpressions;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Control;

/// <summary>docs/lab.md says what is.</summary>
public sealed partial class LabPageTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_order_on_the_page_has_an_address()
    {
        Contoso contoso = await lab.NewLabAsync();
        foreach (Match order in Order().Matches(Page()))
        {
            var path = order.Groups["path"].Value.Split('?')[0]
                .Replace("{lab}", contoso.Lab, StringComparison.Ordinal).Replace("{directory}", contoso.DirectoryId.ToString(), StringComparison.Ordinal)
                .Replace("{fault}", contoso.DirectoryId.ToString(), StringComparison.Ordinal).Replace("{snapshot}", "one", StringComparison.Ordinal)
                .Replace("{id}", "one", StringComparison.Ordinal);
            if (order.Groups["verb"].Value == "DELETE" && path == "labs/" + contoso.Lab) continue; // the last one would end the others
            using var request = new HttpRequestMessage(new HttpMethod(order.Groups["verb"].Value), path);
            using HttpResponseMessage answer = await lab.Fixture.Control.Http.SendAsync(request, Cancel);
            var known = (int)answer.StatusCode is not (404 or 405) || (await answer.Content.ReadAsStringAsync(Cancel)).Contains("\"detail\"", StringComparison.Ordinal);
            Assert.True(known, $"{order.Value}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task The_YAML_on_the_page_is_a_lab()
    {
        var yaml = Block("yaml").Replace(".example", "-page.example", StringComparison.Ordinal);
        await lab.Fixture.Control.SetYamlAsync("page", yaml, Cancel);
        TokenAnswer answer = await lab.TokenAtAsync("contoso-page.example", null, ("grant_type", "client_credentials"),
            ("client_id", "0193a000-0000-7000-8000-0000000000bb"), ("client_secret", "hand-made-secret"),
            ("scope", "https://outlook.office365.com/.default"));
        Assert.Equal(200, answer.Status);
        await lab.Fixture.Control.DeleteLabAsync("page", Cancel);
    }

    [Fact]
    public async Task The_Python_on_the_page_runs()
    {
        Assert.SkipWhen(!File.Exists("/usr/bin/python3"), "There is no Python here");
        var program = Block("python").Replace("lab-data/lab.json", Path.Combine(lab.Fixture.DataFolder, "lab.json"), StringComparison.Ordinal);
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(program);
        using Process python = Process.Start(start) ?? throw new InvalidOperationException("Python did not start");
        var said = await python.StandardOutput.ReadToEndAsync(Cancel);
        var wrong = await python.StandardError.ReadToEndAsync(Cancel);
        await python.WaitForExitAsync(Cancel);
        Assert.True(Guid.TryParse(said.Trim(), out _), wrong);
    }

    private static string Block(string language) =>
        Regex.Match(Page(), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static string Page()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) return File.ReadAllText(Path.Combine(folder.FullName, "docs", "lab.md"));
        }

        throw new InvalidOperationException("Tests run inside a clone");
    }

    [GeneratedRegex("`(?<verb>GET|PUT|POST|DELETE) /control/(?<path>[^`]+)`")]
    private static partial Regex Order();
}
