using System.Text.Json;

namespace Passerelle.Gateway.Tests.Commands;

public sealed class DnsTests
{
    [Fact]
    public async Task The_records_are_ready_for_a_zone_file()
    {
        var typed = await Typed.RunAsync("dns", "In.Contoso.example.", "mx.contoso.example");
        var lines = typed.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(0, typed.Code);
        Assert.Equal("in.contoso.example. IN MX 10 mx.contoso.example.", lines[0]);
        Assert.Matches("""^_mta-sts\.in\.contoso\.example\. IN TXT "v=STSv1; id=[0-9a-f]{20}"$""", lines[1]);
        Assert.Equal("_smtp._tls.in.contoso.example. IN TXT \"v=TLSRPTv1; rua=mailto:postmaster@in.contoso.example\"", lines[2]);
        Assert.StartsWith("; https://mta-sts.in.contoso.example/.well-known/mta-sts.txt ", lines[3], StringComparison.Ordinal);
        Assert.Equal(["; version: STSv1", "; mode: testing", "; mx: mx.contoso.example", "; max_age: 604800"], lines[4..8]);
    }

    [Fact]
    public async Task Another_policy_has_another_id_and_the_same_policy_the_same()
    {
        var testing = await JsonAsync("testing");
        var enforce = await JsonAsync("enforce");
        Assert.Equal(Id(testing), Id(await JsonAsync("testing")));
        Assert.NotEqual(Id(testing), Id(enforce));
        Assert.Equal("version: STSv1\r\nmode: enforce\r\nmx: mx.contoso.example\r\nmax_age: 604800\r\n", enforce.GetProperty("policy").GetString());

        static string? Id(JsonElement document) => document.GetProperty("records")[1].GetProperty("value").GetString();
    }

    [Theory]
    [InlineData("in_contoso.example", "mx.contoso.example")]
    [InlineData("in.contoso.example", "mx")]
    [InlineData("in.contoso.example", "192.0.2.1 ; x")]
    [InlineData("in.contoso.example", "mx.bücher.example")]
    public async Task What_is_no_name_is_refused_with_a_sentence(string domain, string host) =>
        Assert.Contains("is no domain name", (await Typed.RunAsync("dns", domain, host)).Sentence(), StringComparison.Ordinal);

    private static async Task<JsonElement> JsonAsync(string mode)
    {
        var typed = await Typed.RunAsync("dns", "in.contoso.example", "mx.contoso.example", "--mode", mode, "--reports-to", "tls@contoso.example", "--json");
        using var document = JsonDocument.Parse(typed.Output);
        return document.RootElement.Clone();
    }
}
