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

    [Theory]
    [InlineData("192.0.2.1", "ann@a.example", "pass", "pass", "genuine")] // A, and the author's own domain
    [InlineData("192.0.2.9", "ann@a.example", "fail", "fail", "suspicious")] // who asks to reject
    [InlineData("2001:db8::1", "ann@aaaa.example", "pass", "fail", "suspicious")] // another domain's proof
    [InlineData("192.0.2.2", "ann@mx.example", "pass", "fail", "suspicious")]
    [InlineData("192.0.2.3", "ann@ptr.example", "pass", "fail", "suspicious")]
    [InlineData("192.0.2.9", "ann@alias.example", "fail", "fail", "suspicious")]
    [InlineData("192.0.2.1", "ann@slow.example", "temperror", "fail", "suspicious")]
    [InlineData("192.0.2.1", "ann@broken.example", "temperror", "fail", "suspicious")]
    [InlineData("192.0.2.1", "ann@nowhere.example", "none", "fail", "suspicious")]
    [InlineData("192.0.2.1", "", "none", "fail", "suspicious")] // HELO is asked
    public async Task The_verdict_judges_who_delivered_by_the_zone_file(string ip, string from, string spf, string dmarc, string summary)
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-inspect-").FullName;
        var (mail, zone) = (Path.Combine(folder, "a.eml"), Path.Combine(folder, "zone.json"));
        await File.WriteAllTextAsync(mail, "From: ann@a.example\r\nSubject: x\r\n\r\nhello\r\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(zone, """
            {"a.example":{"TXT":["v=spf1 a -all"],"A":["192.0.2.1"]},"_dmarc.a.example":{"TXT":["v=DMARC1; p=reject"]},
             "aaaa.example":{"TXT":[["v=spf1 ","a -all"]],"AAAA":["2001:db8::1"]},
             "mx.example":{"TXT":["v=spf1 mx -all"],"MX":[[10,"one.mx.example"],[20,"two.mx.example."]]},"two.mx.example":{"A":["192.0.2.2"]},
             "ptr.example":{"TXT":["v=spf1 ptr -all"]},"3.2.0.192.in-addr.arpa":{"PTR":["host.ptr.example"]},"host.ptr.example":{"A":["192.0.2.3"]},
             "alias.example":{"CNAME":["a.example"]},"slow.example":"TIMEOUT","broken.example":"SERVFAIL","nowhere.example":"NXDOMAIN"}
            """, TestContext.Current.CancellationToken);
        var typed = await Typed.RunAsync("inspect", mail, "--dns", zone, "--ip", ip, "--helo", "client.example", "--mail-from", from);
        var verdict = JsonDocument.Parse(typed.Output).RootElement.GetProperty("verdict");
        Assert.Equal(
            (spf, "none", dmarc, "none", summary),
            (Word("spf"), Word("dkim"), Word("dmarc"), Word("arc"), Word("summary")));
        Directory.Delete(folder, recursive: true);

        string? Word(string name) => verdict.GetProperty(name).GetString();
    }

    [Fact]
    public async Task An_address_that_is_none_is_named() =>
        Assert.Contains("not here", (await Typed.RunAsync("inspect", "a.eml", "--ip", "here")).Sentence(), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_not_there_is_a_line_with_an_error_and_ends_with_1()
    {
        var typed = await Typed.RunAsync("inspect", "/nowhere/a.eml");
        Assert.Equal(1, typed.Code);
        Assert.NotNull(JsonDocument.Parse(typed.Output).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Whatever_a_file_is_it_has_its_line_and_says_why_it_is_no_mail()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-inspect-").FullName;
        var (empty, bytes, mail) = (Path.Combine(folder, "empty"), Path.Combine(folder, "bytes.bin"), Path.Combine(folder, "a.eml"));
        await File.WriteAllBytesAsync(empty, [], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(bytes, [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 31))], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(mail, "From: ann@fabrikam.example\r\n\r\nhello\r\n", TestContext.Current.CancellationToken);
        string[] files = [folder, empty, bytes, Path.Combine(folder, "absent.eml"), mail];
        var typed = await Typed.RunAsync(["inspect", .. files]);
        JsonElement[] lines = [.. typed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(files, lines.Select(line => line.GetProperty("file").GetString()));
        Assert.All(lines[..^1], line => Assert.False(string.IsNullOrEmpty(line.GetProperty("error").GetString())));
        Assert.Equal((1, JsonValueKind.Null), (typed.Code, lines[^1].GetProperty("error").ValueKind));
        Assert.Contains("folder", lines[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<string> Mails() =>
        Directory.EnumerateFiles(Corpora.Folder(""), "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
