using static Passerelle.Smtp.Tests.Chunked;

namespace Passerelle.Smtp.Tests;

/// <summary>Bodies of any octet: BINARYMIME (RFC 3030 §3).</summary>
public sealed class BinaryMimeTests
{
    private const string ToBob = Transcript.ToBob;

    [Fact]
    [Must(3030, "3", "Once a receiver-SMTP accepts a message containing binary material, it MUST deliver or relay it in such a way as to preserve all bits in each octet")]
    public async Task A_body_of_BINARYMIME_holds_any_octet_and_lines_of_any_length()
    {
        var content = "a: b\r\n\r\n\n\r\0\n" + new string('x', 500) + "\r";
        var host = await TakesAsync(content, Binary + $"""
            R: BDAT {content.Length} LAST\r\n{content.Replace("\r", @"\r", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal).Replace("\0", @"\x00", StringComparison.Ordinal)}
            S: 250 *
            """);
        Assert.Equal(MailBody.BinaryMime, host.Messages.Single().Envelope.From.Body);
    }

    [Fact]
    public Task The_header_of_BINARYMIME_is_lines_still() => RefusesAsync(Binary + """
        R: BDAT 14 LAST\r\na: b\nc: d\r\n\r\nx
        S: 550 5.6.11 *
        """);

    [Theory]
    [InlineData(@"BDAT 41 LAST\r\nContent-Transfer-Encoding: binary\r\n\r\n\x00\xFF\r\n")]
    [InlineData(@"DATA\r\nContent-Transfer-Encoding: binary\r\n\r\n\x00\xFF\r\n.\r\n")]
    [Must(3030, "3", "If the MIME message contains a \"Binary\" content-transfer-encoding and BODY does not indicate BINARYMIME, the message MUST be accepted")]
    public Task Binary_that_is_not_declared_is_taken_where_it_has_lines(string raw) => TakesAsync(
        "Content-Transfer-Encoding: binary\r\n\r\n\0\u00FF\r\n", ToBob + $"""
        R: {raw}
        {(raw.StartsWith("DATA", StringComparison.Ordinal) ? "S: 354 *\n" : "")}S: 250 *
        """);

    [Fact]
    [Must(3030, "3", "If a DATA command is issued after a MAIL command containing the body-value of BINARYMIME, a 503 response MUST be sent")]
    public Task BINARYMIME_does_not_go_by_DATA() => RefusesAsync(Binary + """
        C: DATA
        S: 503 *
        """);

    [Theory]
    [InlineData("BINARYMIME", SmtpExtensions.Chunking)]
    [InlineData("BINARYMIME", SmtpExtensions.None)]
    public Task BINARYMIME_that_is_not_offered_is_refused(string body, SmtpExtensions extensions) =>
        Transcript.PlaysAsync(Offered with { Extensions = extensions }, new AcceptAll(), $"""
            S: 220 *
            C: EHLO client.test
            S: 250 *
            C: MAIL FROM:<ann@client.test> BODY={body}
            S: 501 *
            """);

    private static string Binary => ToBob.Replace("client.test>", "client.test> BODY=BINARYMIME", StringComparison.Ordinal);
}
