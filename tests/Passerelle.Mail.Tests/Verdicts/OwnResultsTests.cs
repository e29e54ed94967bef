using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using MimeKit.Cryptography;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed class OwnResultsTests
{
    private const string Plain = "From: Ann <ann@fabrikam.example>\r\nSubject: Order\r\n\r\nHello\r\nthere";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_field_says_what_was_found_and_another_reader_understands_it()
    {
        Zone zone = new Zone().With("fabrikam.example", "TXT", "v=spf1 -all");
        byte[] raw = new Signing("fabrikam.example", zone).Sign(Encoding.ASCII.GetBytes(Plain));
        var hop = new LastHop(IPAddress.Parse("192.0.2.7"), "x", "\"odd; spf=pass\r\n\"@fabrikam.example");
        Verdict verdict = await new Authenticity(zone, [], new FakeTimeProvider()).JudgeAsync(raw, hop, Cancel);
        string field = OwnResults.Of("mx.contoso.example", verdict, hop);

        Assert.EndsWith("\r\n", field, StringComparison.Ordinal);
        Assert.True(AuthenticationResults.TryParse(Encoding.ASCII.GetBytes(field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..]), out AuthenticationResults? read));
        Assert.Equal("mx.contoso.example", read.AuthenticationServiceIdentifier);
        Assert.Equal(["spf=fail", "dkim=pass", "dmarc=none", "arc=none"], read.Results.Select(one => $"{one.Method}={one.Result}"));
    }

    [Fact]
    public async Task Our_field_stands_on_top_and_nobody_else_speaks_under_our_name()
    {
        string raw = "Received: from x\r\nAuthentication-Results: mx.contoso.example; dmarc=pass\r\nauthentication-results: (a comment)\r\n  \"MX.contoso.example\" 1;\r\n  spf=pass\r\n"
            + "Authentication-Results: mx.microsoft.com; spf=pass\r\nAuthentication-Results: mx.contoso.example.forger.example; spf=pass\r\n" + Plain;
        string shown = await ShownAsync(raw, "Authentication-Results: mx.contoso.example; arc=none\r\n");
        Assert.Equal(
            "Authentication-Results: mx.contoso.example; arc=none\r\nReceived: from x\r\nAuthentication-Results: mx.microsoft.com; spf=pass\r\n"
            + "Authentication-Results: mx.contoso.example.forger.example; spf=pass\r\n" + Plain,
            shown);
    }

    [Fact]
    public async Task A_mail_without_anything_to_leave_out_comes_as_it_is() => Assert.Equal(Plain, await ShownAsync(Plain, ""));

    [Fact]
    public async Task The_signature_of_a_mail_holds_in_what_is_shown()
    {
        var zone = new Zone();
        byte[] signed = new Signing("fabrikam.example", zone).Sign(Encoding.ASCII.GetBytes(Plain), DkimCanonicalizationAlgorithm.Simple, DkimCanonicalizationAlgorithm.Simple);
        string shown = await ShownAsync(Encoding.ASCII.GetString(signed), "Authentication-Results: mx.contoso.example; arc=none\r\n");
        Verdict verdict = await new Authenticity(zone, [], new FakeTimeProvider()).JudgeAsync(Encoding.ASCII.GetBytes(shown), null, Cancel);
        Assert.Equal(VerdictSummary.Genuine, verdict.Summary);
    }

    private static async Task<string> ShownAsync(string raw, string field)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(raw));
        using var output = new MemoryStream();
        await OwnResults.WriteAsync(stream, "mx.contoso.example", field, output, Cancel);
        return Encoding.ASCII.GetString(output.ToArray());
    }
}
