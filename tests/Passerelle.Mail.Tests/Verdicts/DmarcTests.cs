using System.Text.Json;
using Passerelle.Mail.Verdicts.Dmarc;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed class DmarcTests
{
    [Fact, Corpus]
    public Task Results_are_those_of_the_vectors() => CountAsync("result", outcome => outcome.Result.Word());

    [Fact, Corpus]
    public Task Policies_are_those_of_the_vectors() => CountAsync("policy", outcome => outcome.Policy?.Word());

    [Fact, Corpus]
    public void Records_are_read_or_refused_as_OpenDMARC_does()
    {
        var tally = new Tally("dmarc-opendmarc", "record");
        foreach (JsonElement test in Corpora.Json("dmarc-opendmarc", "record-parse.json").EnumerateArray())
        {
            string found = DmarcRecord.FaultOf(test.GetProperty("record").GetString() ?? "") switch
            {
                null => "okay",
                DmarcFault.Empty => "error_empty",
                DmarcFault.BadVersion => "error_bad_version",
                DmarcFault.NoPolicy => "error_no_required_p",
                _ => "error_bad_value",
            };
            tally.Count(found == test.GetProperty("expect").GetString(), () => $"{test}: {found}");
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void Alignment_is_as_OpenDMARC_sees_it()
    {
        var tally = new Tally("dmarc-opendmarc", "alignment");
        foreach (JsonElement test in Corpora.Json("dmarc-opendmarc", "alignment.json").EnumerateArray())
        {
            bool aligned = DmarcCheck.IsAligned(test.GetProperty("a").GetString() ?? "", test.GetProperty("b").GetString() ?? "", test.GetProperty("mode").GetString() is "strict");
            tally.Count(aligned == test.GetProperty("expect").GetProperty("aligned").GetBoolean(), () => $"{test}: {aligned}");
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void Organisational_domains_are_those_of_the_list()
    {
        var tally = new Tally("dmarc-publicsuffix", "organisational domain");
        foreach (JsonElement test in Corpora.Json("dmarc-publicsuffix", "expect.json").EnumerateArray())
        {
            string? found = PublicSuffixes.OrganisationalDomain(test.GetProperty("domain").GetString() ?? "");
            tally.Count(found == test.GetProperty("expect").GetProperty("registrableDomain").GetString(), () => $"{test}: {found}");
        }
        tally.Reaches();
    }

    [Fact]
    public async Task A_policy_that_nobody_can_ask_for_is_a_temperror()
    {
        DmarcOutcome outcome = await CheckAsync(new Zone { Silent = true });
        Assert.Equal((DmarcResult.TempError, null), (outcome.Result, outcome.Policy));
    }

    [Fact]
    public async Task A_broken_refinement_counts_as_not_given() => Assert.Equal(
        DmarcPolicy.Reject, (await CheckAsync(new Zone().With("_dmarc.contoso.example", "TXT", "v=DMARC1; p=reject; pct=abc; adkim=x"))).Policy);

    [Theory]
    [InlineData("v=DMARC1; p=bob", DmarcResult.None)]
    [InlineData("v=DMARC1; p=bob; rua=mailto:reports@contoso.example", DmarcResult.Fail)]
    [InlineData("v=DMARC1; rua=mailto:reports@contoso.example", DmarcResult.Fail)]
    public async Task A_record_without_a_policy_counts_only_when_it_wants_reports(string record, DmarcResult result) =>
        Assert.Equal(result, (await CheckAsync(new Zone().With("_dmarc.contoso.example", "TXT", record))).Result);

    private static Task<DmarcOutcome> CheckAsync(Zone zone) => new DmarcCheck(zone).CheckAsync("contoso.example", [], [], TestContext.Current.CancellationToken);

    private static async Task CountAsync(string field, Func<DmarcOutcome, string?> of)
    {
        var tally = new Tally("dmarc-mailauth", field);
        foreach (JsonElement test in Corpora.Json("dmarc-mailauth", "dmarc-cases.json").EnumerateArray())
        {
            var zone = new Zone();
            foreach (JsonElement question in test.GetProperty("dns").EnumerateArray())
            {
                string name = question.GetProperty("name").GetString()!; // the corpus names each
                if (question.TryGetProperty("error", out JsonElement error) && error.GetString() is not (null or "ENOTFOUND" or "ENODATA")) zone.Ill(name);
                if (!question.TryGetProperty("answer", out JsonElement answer) || answer.ValueKind is not JsonValueKind.Array) continue;
                foreach (JsonElement record in answer.EnumerateArray()) zone.With(name, "TXT", string.Concat(record.EnumerateArray().Select(chunk => chunk.GetString())));
            }
            JsonElement input = test.GetProperty("input");
            string author = input.GetProperty("headerFrom").GetString()!; // one author in each
            DmarcOutcome outcome = await new DmarcCheck(zone).CheckAsync(
                author[(author.LastIndexOf('@') + 1)..], Domains(input, "dkimDomains"), Domains(input, "spfDomains"), TestContext.Current.CancellationToken);
            string? wanted = test.GetProperty("expect").GetProperty(field).GetString();
            tally.Count(wanted == of(outcome), () => $"{test.GetProperty("name")}: {wanted}, not {of(outcome)}");
        }
        tally.Reaches();
    }

    private static List<string> Domains(JsonElement input, string name) => input.TryGetProperty(name, out JsonElement list) && list.ValueKind is JsonValueKind.Array
        ? [.. list.EnumerateArray().Select(one => one.ValueKind is JsonValueKind.String ? one.GetString()! : one.GetProperty("domain").GetString()!)] // either form
        : [];
}
