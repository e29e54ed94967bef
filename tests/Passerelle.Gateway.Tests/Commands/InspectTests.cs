using System.Text.Json;

namespace Passerelle.Gateway.Tests.Commands;

public sealed class InspectTests
{
    [Fact]
    public async Task Two_hundred_mails_are_inspected_in_one_call_in_their_order()
    {
        var files = Mails().Take(200).ToArray();
        var typed = await Typed.RunAsync(["inspect", "--json", "--ip", "192.0.2.1", "--helo", "mail.example.org", "--mail-from", "", .. files]);
        var lines = typed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(files, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()));
        Assert.Contains("150 of 200", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_of_a_zone_file_give_a_verdict_and_a_wrong_one_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-inspect-").FullName;
        var (mail, zone) = (Path.Combine(folder, "a.eml"), Path.Combine(folder, "zone.json"));
        await File.WriteAllTextAsync(mail, "From: ann@fabrikam.example\r\nSubject: x\r\n\r\nhello\r\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(zone, """{"fabrikam.example":{"TXT":["v=spf1 -all"]},"slow.example":"TIMEOUT"}""", TestContext.Current.CancellationToken);
        var typed = await Typed.RunAsync("inspect", mail, "--dns", zone);
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        Assert.Equal("unproven", JsonDocument.Parse(typed.Output).RootElement.GetProperty("verdict").GetProperty("summary").GetString());

        await File.WriteAllTextAsync(zone, "no zone", TestContext.Current.CancellationToken);
        Assert.StartsWith("The DNS answers cannot be read", (await Typed.RunAsync("inspect", mail, "--dns", zone)).Sentence(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_line_with_an_error_and_ends_with_1()
    {
        var typed = await Typed.RunAsync("inspect", "/nowhere/a.eml");
        Assert.Equal(1, typed.Code);
        Assert.NotNull(JsonDocument.Parse(typed.Output).RootElement.GetProperty("error").GetString());
    }

    private static IEnumerable<string> Mails() =>
        Directory.EnumerateFiles(Corpora.Folder(""), "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
