using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Mail.Verdicts;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Mail.Tests.Verdicts;

/// <summary>What reached us, and what it is worth when it was forwarded.</summary>
public sealed class LastHopTests : IDisposable
{
    private const string Passed = "mx.microsoft.com 1; spf=pass smtp.mailfrom=fabrikam.example; dmarc=pass header.from=fabrikam.example; dkim=none";
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private static readonly byte[] Plain = Encoding.ASCII.GetBytes("From: Ann <ann@fabrikam.example>\r\nTo: support@contoso.example\r\nSubject: Order\r\n\r\nHello\r\n");
    private static readonly LastHop Forwarder = new(IPAddress.Parse("192.0.2.25"), "out.contoso.example", "support+SRS=x=AA=fabrikam.example=ann@contoso.example");
    private static readonly LastHop Direct = new(IPAddress.Parse("198.51.100.7"), "mail.fabrikam.example", "ann@fabrikam.example");
    private readonly Zone _zone = new();
    private readonly Sealer _microsoft;

    public LastHopTests()
    {
        _microsoft = new Sealer("microsoft.com", _zone);
        _zone.With("fabrikam.example", "TXT", "v=spf1 ip4:198.51.100.0/24 -all").With("_dmarc.fabrikam.example", "TXT", "v=DMARC1; p=reject")
            .With("contoso.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all");
    }

    public void Dispose() => _microsoft.Dispose();

    [Fact]
    public async Task A_signature_of_the_authors_domain_that_survived_the_way_is_proof()
    {
        Verdict verdict = await JudgeAsync(new Signing("fabrikam.example", _zone).Sign(Plain), Forwarder);
        Assert.Equal((VerdictSummary.Genuine, SpfResult.Pass, DmarcResult.Pass), (verdict.Summary, verdict.Spf!.Result, verdict.Dmarc!.Result));
        Assert.StartsWith("dkim=pass: fabrikam.example", verdict.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_that_comes_straight_from_the_authors_servers_is_genuine() =>
        Assert.Equal((VerdictSummary.Genuine, "fabrikam.example"), await SumAsync(Plain, Direct));

    [Fact]
    public async Task SPF_of_the_forwarder_proves_nothing_of_the_author() =>
        Assert.Equal((VerdictSummary.Suspicious, null), await SumAsync(Plain, Forwarder)); // and the author asks to reject

    [Fact]
    public async Task What_a_trusted_forwarder_saw_outweighs_a_last_hop_that_fails_by_nature()
    {
        Verdict verdict = await JudgeAsync(_microsoft.Seal(Plain, Passed), Forwarder);
        Assert.Equal((VerdictSummary.Genuine, DmarcResult.Fail), (verdict.Summary, verdict.Dmarc!.Result));
    }

    [Fact]
    public async Task A_forger_is_suspicious_where_the_author_asks_to_reject_and_unproven_where_it_does_not()
    {
        var forger = new LastHop(IPAddress.Parse("203.0.113.9"), "forger.example", "ann@fabrikam.example");
        Assert.Equal(VerdictSummary.Suspicious, (await JudgeAsync(Plain, forger)).Summary);
        byte[] lenient = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Plain).Replace("fabrikam", "adatum", StringComparison.Ordinal));
        Assert.Equal(VerdictSummary.Unproven, (await JudgeAsync(lenient, forger)).Summary);
    }

    [Fact]
    public async Task A_signature_of_another_domain_is_no_proof() =>
        Assert.Equal((VerdictSummary.Suspicious, null), await SumAsync(new Signing("forger.example", _zone).Sign(Plain), Forwarder));

    [Fact]
    public async Task Results_that_a_stranger_wrote_into_the_mail_are_not_believed() => Assert.Equal(
        VerdictSummary.Suspicious,
        (await JudgeAsync([.. "Authentication-Results: mx.microsoft.com; dmarc=pass header.from=fabrikam.example\r\n"u8, .. Plain], Forwarder)).Summary);

    [Fact]
    public async Task Two_authors_of_two_domains_have_no_author_that_could_be_proved()
    {
        byte[] two = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Plain).Replace("From: Ann", "From: boss@contoso.example, Ann", StringComparison.Ordinal));
        Verdict verdict = await JudgeAsync(new Signing("fabrikam.example", _zone).Sign(two), Direct);
        Assert.Equal((VerdictSummary.Unproven, null), (verdict.Summary, verdict.Dmarc));
    }

    [Fact]
    public async Task A_key_that_nobody_answers_for_is_asked_again_only_where_it_could_prove_the_author()
    {
        byte[] signed = new Signing("fabrikam.example", _zone).Sign(Plain);
        _zone.Records.TryRemove("s1._domainkey.fabrikam.example", out _);
        _zone.Ill("s1._domainkey.fabrikam.example");
        Verdict own = await JudgeAsync(signed, Forwarder);
        Assert.Equal((VerdictSummary.Unproven, true), (own.Summary, own.TryAgain));

        byte[] foreign = new Signing("forger.example", _zone).Sign(Plain);
        _zone.Records.TryRemove("s1._domainkey.forger.example", out _);
        _zone.Ill("s1._domainkey.forger.example");
        Assert.False((await JudgeAsync(foreign, Forwarder)).TryAgain);
    }

    [Fact]
    public async Task Without_a_known_last_hop_nothing_is_said_of_SPF_and_no_failure_of_DMARC_is_claimed()
    {
        Verdict verdict = await JudgeAsync(Plain, null);
        Assert.Equal((null, null, VerdictSummary.Unproven), (verdict.Spf, verdict.Dmarc, verdict.Summary));
    }

    [Fact]
    public async Task Exchange_proves_a_domain_without_a_policy_by_its_signature()
    {
        string seen = "mx.microsoft.com 1; spf=none; dkim=pass header.d=fabrikam.example; dmarc=bestguesspass action=none header.from=fabrikam.example";
        Assert.Equal(VerdictSummary.Genuine, (await JudgeAsync(_microsoft.Seal(Plain, seen), Forwarder)).Summary);
        Assert.Equal(VerdictSummary.Unproven, (await JudgeAsync(_microsoft.Seal(Plain, seen.Replace("header.d=fabrikam", "header.d=adatum", StringComparison.Ordinal)), Forwarder)).Summary);
    }

    [Fact]
    public async Task A_DNS_that_never_answers_ends_the_judging_and_it_is_tried_again()
    {
        var time = new FakeTimeProvider();
        Task<Verdict> judging = new Authenticity(new Deaf(), [], time).JudgeAsync(_microsoft.Seal(Plain, Passed), Direct, TestContext.Current.CancellationToken);
        while (!judging.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }
        Assert.Equal((VerdictSummary.Unproven, true), ((await judging).Summary, (await judging).TryAgain));
    }

    private Task<Verdict> JudgeAsync(byte[] raw, LastHop? hop) =>
        new Authenticity(_zone, ["microsoft.com"], Time).JudgeAsync(raw, hop, TestContext.Current.CancellationToken);

    private async Task<(VerdictSummary Summary, string? Proved)> SumAsync(byte[] raw, LastHop hop)
    {
        Verdict verdict = await JudgeAsync(raw, hop);
        return (verdict.Summary, verdict.Dmarc?.AlignedDkim ?? verdict.Dmarc?.AlignedSpf);
    }
}
