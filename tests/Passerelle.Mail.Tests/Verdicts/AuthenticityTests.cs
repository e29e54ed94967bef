using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed class AuthenticityTests : IDisposable
{
    private const string Passed = "mx.microsoft.com 1; spf=pass (sender ip is 192.0.2.1) smtp.rcpttodomain=contoso.example smtp.mailfrom=fabrikam.example; dmarc=pass (p=none sp=none pct=100) action=none header.from=fabrikam.example; dkim=pass (signature was verified) header.d=fabrikam.example; arc=none (0)";
    private static readonly byte[] Plain = Encoding.ASCII.GetBytes("From: Ann <ann@fabrikam.example>\r\nTo: support@contoso.example\r\nSubject: Order\r\nDate: Wed, 04 Mar 2026 05:06:07 +0000\r\nMessage-ID: <1@fabrikam.example>\r\n\r\nHello\r\n");
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly Zone _zone = new();
    private readonly Sealer _microsoft;
    private readonly Sealer _stranger;
    private readonly Authenticity _authenticity;

    public AuthenticityTests()
    {
        _microsoft = new Sealer("microsoft.com", _zone);
        _stranger = new Sealer("adatum.example", _zone);
        _authenticity = new Authenticity(_zone, ["microsoft.com"], Time);
    }

    public void Dispose()
    {
        _microsoft.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Forwarded_mail_is_genuine_when_the_trusted_sealer_saw_dmarc_pass()
    {
        Verdict verdict = await JudgeAsync(_microsoft.Seal(Plain, Passed));
        Assert.Equal(VerdictSummary.Genuine, verdict.Summary);
        Assert.Equal(new ArcFinding(ArcChain.Pass, "microsoft.com", new TrustedResults(1, "microsoft.com", "pass", "pass", "pass", "fabrikam.example") { MailFrom = "fabrikam.example", Signer = "fabrikam.example" }), verdict.Arc);
    }

    [Fact]
    public async Task Mail_without_a_chain_is_unproven() => Assert.Equal((VerdictSummary.Unproven, ArcChain.None), await SumAsync(Plain));

    [Fact]
    public async Task Mail_changed_after_the_seal_is_unproven() =>
        Assert.Equal((VerdictSummary.Unproven, ArcChain.Fail), await SumAsync(Changed(_microsoft.Seal(Plain, Passed), "Hello", "Hallo")));

    [Fact]
    public async Task A_sealer_that_nobody_trusts_proves_nothing() =>
        Assert.Equal((VerdictSummary.Unproven, ArcChain.Pass), await SumAsync(_stranger.Seal(Plain, Passed)));

    [Fact]
    public async Task A_stranger_cannot_put_changed_mail_on_top_of_an_honest_seal()
    {
        byte[] changed = Changed(_microsoft.Seal(Plain, Passed), "Hello", "Pay me");
        Verdict verdict = await JudgeAsync(_stranger.Seal(changed, Passed));
        Assert.Equal(VerdictSummary.Unproven, verdict.Summary);
        Assert.Null(verdict.Arc.Seen);
    }

    [Fact]
    public async Task Among_trusted_sealers_the_one_that_saw_the_mail_first_counts()
    {
        byte[] twice = _microsoft.Seal(_microsoft.Seal(Plain, Passed), "mx.microsoft.com 1; dmarc=fail header.from=fabrikam.example; arc=pass");
        Verdict verdict = await JudgeAsync(twice);
        Assert.Equal((VerdictSummary.Genuine, 1), (verdict.Summary, verdict.Arc.Seen!.Instance));
    }

    [Theory]
    [InlineData("dmarc=fail header.from=fabrikam.example", VerdictSummary.Suspicious)]
    [InlineData("dmarc=none header.from=fabrikam.example", VerdictSummary.Unproven)]
    [InlineData("spf=pass smtp.mailfrom=fabrikam.example", VerdictSummary.Unproven)]
    [InlineData("dmarc=pass header.from=adatum.example", VerdictSummary.Suspicious)]
    [InlineData("dmarc=pass", VerdictSummary.Suspicious)]
    [InlineData("dmarc=pass header.from=FABRIKAM.example", VerdictSummary.Genuine)]
    public async Task What_the_sealer_saw_decides(string seen, VerdictSummary summary) =>
        Assert.Equal((summary, ArcChain.Pass), await SumAsync(_microsoft.Seal(Plain, "mx.microsoft.com 1; " + seen)));

    [Fact]
    public async Task A_second_from_header_is_suspicious() =>
        Assert.Equal(VerdictSummary.Suspicious, (await SumAsync([.. "From: boss@contoso.example\r\n"u8, .. _microsoft.Seal(Plain, Passed)])).Summary);

    [Fact]
    public async Task Silent_dns_is_asked_again_and_proves_nothing_meanwhile()
    {
        byte[] raw = _microsoft.Seal(Plain, Passed);
        _zone.Silent = true;
        Verdict verdict = await JudgeAsync(raw);
        Assert.Equal((VerdictSummary.Unproven, ArcChain.TempError, true), (verdict.Summary, verdict.Arc.Chain, verdict.TryAgain));
        Assert.StartsWith("temperror", verdict.Reasons[0], StringComparison.Ordinal);
        _zone.Silent = false;
        Assert.Equal(VerdictSummary.Genuine, (await JudgeAsync(raw)).Summary);
    }

    [Fact]
    public async Task A_key_that_does_not_exist_or_cannot_be_read_breaks_the_chain()
    {
        byte[] raw = _microsoft.Seal(Plain, Passed);
        _zone.Records["arc._domainkey.microsoft.com"] = "v=DKIM1; p=AAAA";
        Assert.Equal((VerdictSummary.Unproven, ArcChain.Fail), await SumAsync(raw));
        _zone.Records.Clear();
        Assert.Equal((VerdictSummary.Unproven, ArcChain.Fail), await SumAsync(raw));
    }

    [Fact]
    public async Task A_changed_key_is_used_at_once()
    {
        byte[] raw = _microsoft.Seal(Plain, Passed);
        Assert.Equal(ArcChain.Pass, (await SumAsync(raw)).Chain);
        using var other = new Sealer("microsoft.com", _zone);
        Assert.Equal(ArcChain.Fail, (await SumAsync(raw)).Chain);
        Assert.Equal(ArcChain.Pass, (await SumAsync(other.Seal(Plain, Passed))).Chain);
    }

    [Fact, Corpus]
    public async Task Chains_are_judged_as_the_validation_suite_expects()
    {
        var tally = new Tally("arc-valimail", "cv");
        foreach (JsonElement scenario in Corpora.Json("arc-valimail", "arc-validation-cases.json").EnumerateArray())
        {
            var zone = new Zone();
            if (scenario.TryGetProperty("txt-records", out JsonElement records) && records.ValueKind is JsonValueKind.Object)
                foreach (JsonProperty record in records.EnumerateObject()) zone.Records[record.Name] = record.Value.GetString()!;
            foreach (JsonElement test in scenario.GetProperty("tests").EnumerateArray())
            {
                string raw = test.GetProperty("message").GetString()!.ReplaceLineEndings("\r\n");
                Verdict verdict = await new Authenticity(zone, [], Time).JudgeAsync(Encoding.UTF8.GetBytes(raw), null, TestContext.Current.CancellationToken);
                string expected = test.GetProperty("expect").GetProperty("cv").GetString()!.ToLowerInvariant();
                tally.Count(expected == verdict.Arc.Chain.Word(), () => $"{test.GetProperty("name").GetString()}: {expected}, not {verdict.Arc.Chain.Word()}");
            }
        }
        tally.Reaches();
    }

    private Task<Verdict> JudgeAsync(byte[] raw) => _authenticity.JudgeAsync(raw, null, TestContext.Current.CancellationToken);

    private async Task<(VerdictSummary Summary, ArcChain Chain)> SumAsync(byte[] raw)
    {
        Verdict verdict = await JudgeAsync(raw);
        return (verdict.Summary, verdict.Arc.Chain);
    }

    private static byte[] Changed(byte[] raw, string from, string to) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(raw).Replace(from, to, StringComparison.Ordinal));
}
