using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed class SpfTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Fact, Corpus]
    public async Task Every_case_of_the_RFC_7208_suite_ends_as_it_says()
    {
        var results = new Tally("spf-rfc7208", "result");
        var explanations = new List<string>();
        foreach (JsonElement scenario in Corpora.Json("spf-rfc7208", "spf-cases.json").EnumerateArray())
        {
            Zone zone = Zone.OfSpfSuite(scenario.GetProperty("zonedata"));
            foreach (JsonElement test in scenario.GetProperty("tests").EnumerateArray())
            {
                SpfOutcome outcome = await new SpfCheck(zone, Time).CheckAsync(
                    IPAddress.Parse(Text(test, "ip")), Text(test, "helo"), Text(test, "mailfrom"), TestContext.Current.CancellationToken);
                string[] allowed = [.. test.GetProperty("expect").GetProperty("result").EnumerateArray().Select(word => word.GetString()!)]; // words
                results.Count(allowed.Contains(outcome.Result.Word()), () => $"{Text(test, "name")}: {string.Join('/', allowed)}, not {outcome.Result.Word()}");
                if (test.GetProperty("expect").TryGetProperty("explanation", out JsonElement words) && words.GetString() is { } wanted
                    && !string.Equals(wanted is "DEFAULT" ? null : wanted, outcome.Explanation, StringComparison.OrdinalIgnoreCase))
                    explanations.Add($"{Text(test, "name")}: {wanted}, not {outcome.Explanation}");
            }
        }
        results.Reaches();
        Assert.Empty(explanations);

        static string Text(JsonElement test, string name) => test.GetProperty(name).GetString() ?? "";
    }

    [Fact, Corpus]
    public void Macros_expand_as_the_vectors_say()
    {
        var tally = new Tally("spf-macro-mailauth", "expansion");
        foreach (JsonElement test in Corpora.Json("spf-macro-mailauth", "macro-cases.json").EnumerateArray())
        {
            JsonElement values = test.GetProperty("values");
            string sender = Text("sender") ?? "postmaster@unknown";
            string expanded = SpfMacro.Expand(test.GetProperty("macro").GetString()!, new SpfMacroValues( // every vector has one
                IPAddress.Parse(Text("ip") ?? "192.0.2.1"), sender, Text("domain") ?? sender[(sender.LastIndexOf('@') + 1)..], Text("helo") ?? "unknown"));
            tally.Count(expanded == test.GetProperty("expect").GetString(), () => $"{test.GetProperty("macro")}: {test.GetProperty("expect")}, not {expanded}");

            string? Text(string name) => values.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        }
        tally.Reaches();
    }

    [Theory]
    [InlineData("v=spf1 -all", SpfResult.Fail)]
    [InlineData("v=spf1 ip4:192.0.2.0/24 -all", SpfResult.Pass)]
    [InlineData("v=spf1 ip4:192.0.2.0/024 -all", SpfResult.PermError)]
    [InlineData("v=spf1 a:%{i}._ip.contoso.example exists:%{z}.contoso.example -all", SpfResult.PermError)]
    [InlineData("v=spf10 -all", SpfResult.None)]
    public async Task A_record_decides(string record, SpfResult result) => Assert.Equal(result, (await CheckAsync(new Zone().With("contoso.example", "TXT", record))).Result);

    [Fact]
    public async Task An_IPv4_client_on_a_socket_of_both_families_is_an_IPv4_client() => Assert.Equal(
        SpfResult.Pass, (await CheckAsync(new Zone().With("contoso.example", "TXT", "v=spf1 ip4:192.0.2.7 -all"), "::ffff:192.0.2.7")).Result);

    [Fact]
    public async Task A_null_sender_is_judged_by_the_name_of_the_client()
    {
        Zone zone = new Zone().With("mail.contoso.example", "TXT", "v=spf1 -all");
        SpfOutcome outcome = await new SpfCheck(zone, Time).CheckAsync(IPAddress.Parse("192.0.2.7"), "mail.contoso.example", "", TestContext.Current.CancellationToken);
        Assert.Equal(new SpfOutcome(SpfResult.Fail, "mail.contoso.example", OfHelo: true), outcome);
    }

    [Fact]
    public async Task A_domain_that_answers_nothing_within_the_patience_is_a_temperror()
    {
        var time = new FakeTimeProvider();
        Task<SpfOutcome> check = new SpfCheck(new Deaf(), time).CheckAsync(IPAddress.Parse("192.0.2.7"), "x", "a@contoso.example", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(SpfResult.TempError, (await check).Result);
    }

    private static Task<SpfOutcome> CheckAsync(Zone zone, string ip = "192.0.2.7") =>
        new SpfCheck(zone, Time).CheckAsync(IPAddress.Parse(ip), "client.example", "ann@contoso.example", TestContext.Current.CancellationToken);
}
