using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using MimeKit.Cryptography;
using Passerelle.Mail.Verdicts.Dkim;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed class DkimRuleTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private static readonly string[] Lines = ["", " ", "\t ", "a", "a  b", "a \t", " a", ".", "é"];

    /// <summary>Bodies of lines with blanks where canonicalisation looks at them.</summary>
    private static readonly Gen<string> Bodies = Gen.Int[0, Lines.Length - 1].List[0, 12]
        .Select(lines => string.Join("\r\n", lines.Select(line => Lines[line])));

    private readonly Zone _zone = new();

    [Theory]
    [InlineData(DkimCanonicalizationAlgorithm.Simple, DkimCanonicalizationAlgorithm.Simple)]
    [InlineData(DkimCanonicalizationAlgorithm.Simple, DkimCanonicalizationAlgorithm.Relaxed)]
    [InlineData(DkimCanonicalizationAlgorithm.Relaxed, DkimCanonicalizationAlgorithm.Simple)]
    [InlineData(DkimCanonicalizationAlgorithm.Relaxed, DkimCanonicalizationAlgorithm.Relaxed)]
    public void What_another_implementation_signs_holds_in_every_canonicalisation(DkimCanonicalizationAlgorithm header, DkimCanonicalizationAlgorithm body)
    {
        var signing = new Signing("fabrikam.example", _zone);
        Bodies.Sample(text => Check(signing.Sign(Mail(text), header, body)).Result is DkimResult.Pass, iter: 100, threads: 1);
    }

    [Fact]
    public void A_mail_whose_lines_end_in_LF_alone_is_read_as_if_it_had_CRLF()
    {
        byte[] signed = new Signing("fabrikam.example", _zone).Sign(Mail("Hello\r\nthere\r\n"));
        Assert.Equal(DkimResult.Pass, Check(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(signed).Replace("\r\n", "\n", StringComparison.Ordinal))).Result);
    }

    [Fact]
    public void An_Ed25519_signature_holds() => Assert.Equal(
        DkimResult.Pass, Check(new Signing("fabrikam.example", _zone, DkimSignatureAlgorithm.Ed25519Sha256).Sign(Mail("Hello\r\n"))).Result);

    [Theory]
    [InlineData("Hello", "Hallo", DkimResult.Fail)] // the body
    [InlineData("Subject: Order", "Subject: Refund", DkimResult.Fail)] // a field that is signed
    [InlineData("X-Note: one", "X-Note: two", DkimResult.Pass)] // one that is not
    [InlineData("v=1;", "v=2;", DkimResult.Neutral)]
    [InlineData("h=from", "h=x-note", DkimResult.PermError)]
    [InlineData("rsa-sha256", "rsa-sha1", DkimResult.Policy)]
    [InlineData("rsa-sha256", "rsa-md5", DkimResult.Neutral)]
    [InlineData("s=s1", "s=s2", DkimResult.PermError)] // no such key
    [InlineData("v=1;", "v=1; x=1;", DkimResult.Neutral)] // it ends before it begins
    [InlineData("v=1;", "v=1; x=4102444800;", DkimResult.Fail)] // the tag itself is signed: it may not be added
    [InlineData("v=1;", "v=1; v=1;", DkimResult.Neutral)] // twice (RFC 6376 §3.2)
    [InlineData("v=1;", "v=1; i=@contoso.example;", DkimResult.Neutral)]
    [InlineData("v=1;", "v=1; l=100000;", DkimResult.Fail)] // more than there is
    public void A_signature_that_was_tampered_with_says_why(string from, string to, DkimResult result)
    {
        string signed = Encoding.Latin1.GetString(new Signing("fabrikam.example", _zone).Sign(Mail("Hello\r\n")));
        Assert.Contains(from, signed, StringComparison.Ordinal);
        DkimOutcome outcome = Check(Encoding.Latin1.GetBytes(signed.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal((result, result is not DkimResult.Pass), (outcome.Result, outcome.Why.Length > 0));
    }

    [Fact]
    public void A_signature_that_has_ended_proves_nothing()
    {
        string signed = Encoding.Latin1.GetString(new Signing("fabrikam.example", _zone).Sign(Mail("Hello\r\n"))).Replace("v=1;", "v=1; x=4000000000;", StringComparison.Ordinal);
        DkimOutcome outcome = Check(Encoding.Latin1.GetBytes(signed), new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(4_000_000_001)));
        Assert.Equal((DkimResult.Fail, "it ended on 2096-10-02"), (outcome.Result, outcome.Why));
    }

    [Fact]
    public void A_key_that_is_too_short_proves_nothing() =>
        Assert.Equal(DkimResult.Policy, Check(new Signing("fabrikam.example", _zone, bits: 512).Sign(Mail("Hello\r\n"))).Result);

    [Theory]
    [InlineData("t=s; ", "@mail.fabrikam.example", DkimResult.PermError)]
    [InlineData("t=s; ", "@fabrikam.example", DkimResult.Pass)]
    [InlineData("", "@mail.fabrikam.example", DkimResult.Pass)]
    [InlineData("s=other; ", "@fabrikam.example", DkimResult.PermError)]
    [InlineData("h=sha1; ", "@fabrikam.example", DkimResult.PermError)]
    [InlineData("k=ed25519; ", "@fabrikam.example", DkimResult.PermError)]
    public void The_key_says_what_it_is_for(string flags, string identity, DkimResult result) =>
        Assert.Equal(result, Check(new Signing("fabrikam.example", _zone, flags: flags).Sign(Mail("Hello\r\n"), identity: identity)).Result);

    [Fact]
    public void A_key_that_was_withdrawn_is_no_key()
    {
        byte[] signed = new Signing("fabrikam.example", _zone).Sign(Mail("Hello\r\n"));
        _zone.Records["s1._domainkey.fabrikam.example"] = "v=DKIM1; p=";
        Assert.Equal((DkimResult.PermError, "the key was withdrawn"), (Check(signed).Result, Check(signed).Why));
        _zone.Silent = true;
        Assert.Equal(DkimResult.TempError, Check(signed).Result);
    }

    [Fact]
    public async Task More_signatures_than_anybody_needs_are_not_looked_at()
    {
        string signed = Encoding.Latin1.GetString(new Signing("fabrikam.example", _zone).Sign(Mail("Hello\r\n")));
        string field = signed[..(signed.IndexOf("\r\nFrom:", StringComparison.Ordinal) + 2)];
        using var raw = new MemoryStream(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(field, 20)) + signed));
        IReadOnlyList<DkimOutcome> outcomes = await new DkimCheck(_zone, Time).CheckAsync(raw, new ReadingBounds(), TestContext.Current.CancellationToken);
        Assert.Equal((21, 10), (outcomes.Count, outcomes.Count(one => one.Result is DkimResult.Pass)));
        Assert.All(outcomes.Skip(10), one => Assert.Equal(DkimResult.Policy, one.Result));
    }

    private DkimOutcome Check(byte[] raw, TimeProvider? time = null)
    {
        using var stream = new MemoryStream(raw);
        return Assert.Single(new DkimCheck(_zone, time ?? Time).CheckAsync(stream, new ReadingBounds(), default).GetAwaiter().GetResult());
    }

    private static byte[] Mail(string body) => Encoding.Latin1.GetBytes(
        $"From: Ann <ann@fabrikam.example>\r\nTo: support@contoso.example\r\nSubject: Order\r\n of   today \r\nX-Note: one\r\n\r\n{body}");
}
