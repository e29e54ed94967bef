namespace Passerelle.Smtp.Tests;

/// <summary>The parameters of RFC 3461 §4.</summary>
public sealed class DsnTests
{
    private static readonly SmtpServerOptions Offered = Conversation.Options() with { Extensions = SmtpExtensions.Dsn };

    [Fact]
    [Must(3461, "4", "ENVID and ORCPT are encoded as xtext, and are carried as they were before")]
    [Must(3461, "5.1", "A conforming SMTP server MUST NOT refuse a MAIL command based on valid ENVID or RET parameters, nor a RCPT command based on NOTIFY or ORCPT")]
    public async Task The_parameters_are_carried_with_the_envelope()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), """
            S: 220 *
            C: EHLO client.test
            S: 250 *
            C: MAIL FROM:<ann@client.test> RET=HDRS ENVID=QQ+2B314159+20x
            S: 250 *
            C: RCPT TO:<bob@contoso.example> NOTIFY=SUCCESS,delay ORCPT=RFC822;Bob+40contoso.example
            S: 250 *
            C: RCPT TO:<eve@contoso.example> NOTIFY=NEVER
            S: 250 *
            C: RCPT TO:<joe@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        var (envelope, _) = Assert.Single(host.Messages);
        Assert.Equal((DsnReturn.Headers, "QQ+314159 x"), (envelope.From.Return!.Value, envelope.From.EnvelopeId)); // just sent
        Assert.Equal([DsnNotify.Success | DsnNotify.Delay, DsnNotify.Never, null], envelope.Recipients.Select(r => r.Notify));
        Assert.Equal("rfc822;Bob@contoso.example", envelope.Recipients[0].Original?.ToString());
    }

    [Theory]
    [InlineData("RET=SOME")]
    [InlineData("RET")]
    [InlineData("RET=FULL RET=FULL")]
    [InlineData("ENVID=a+b")]
    [InlineData("ENVID=a+2b")]
    [InlineData("ENVID=a+0D+0AStatus:")]
    [InlineData("ENVID=a+")]
    [InlineData("ENVID")]
    [InlineData("ENVID=a ENVID=a")]
    [Must(3461, "4.3", "RET is FULL or HDRS")]
    [Must(3461, "4.4", "The value of ENVID prior to encoding MUST consist entirely of printable characters from US-ASCII, and MAY be up to 100 characters in length")]
    [Must(3461, "5.1", "If a value is not valid, or if there is more than one ENVID or RET parameter in a MAIL command, the server MUST issue the reply-code 501")]
    public Task A_malformed_parameter_of_MAIL_is_refused(string parameters) => Transcript.PlaysAsync(Offered, new AcceptAll(), $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test> {parameters}
        S: 501 *
        C: MAIL FROM:<ann@client.test> ENVID={new string('a', 101)}
        S: 501 *
        C: MAIL FROM:<ann@client.test> ENVID={new string('a', 100)}
        S: 250 *
        """);

    [Theory]
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("NOTIFY=SUCCESS,SUCCESS")]
    [InlineData("NOTIFY=SOMETIMES")]
    [InlineData("NOTIFY=,")]
    [InlineData("NOTIFY")]
    [InlineData("NOTIFY=DELAY NOTIFY=DELAY")]
    [InlineData("ORCPT=bob@contoso.example")]
    [InlineData("ORCPT=;bob@contoso.example")]
    [InlineData("ORCPT=rfc822;")]
    [InlineData("ORCPT=rf_822;bob")]
    [InlineData("ORCPT=rfc822;bob+0A")]
    [InlineData("ORCPT=rfc822;a ORCPT=rfc822;a")]
    [Must(3461, "4.1", "The NEVER keyword MUST appear by itself")]
    [Must(3461, "4.2", "ORCPT is addr-type \";\" xtext, and MAY be up to 500 characters in length")]
    [Must(3461, "5.1", "If a value is not valid, or if there is more than one NOTIFY or ORCPT parameter in a RCPT command, the server SHOULD issue the response 501")]
    public Task A_malformed_parameter_of_RCPT_is_refused(string parameters) => Transcript.PlaysAsync(Offered, new AcceptAll(), $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<>
        S: 250 *
        C: RCPT TO:<bob@contoso.example> {parameters}
        S: 501 *
        C: RCPT TO:<bob@contoso.example> ORCPT=rfc822;{new string('a', 494)}
        S: 501 *
        C: RCPT TO:<bob@contoso.example> ORCPT=rfc822;{new string('a', 493)}
        S: 250 *
        """);

    [Fact]
    [Must(6531, "3.2", "If an SMTPUTF8-aware SMTP server advertises DSN, it MUST implement RFC 6533: ORCPT of type utf-8, in both its forms")]
    public async Task An_original_recipient_may_be_beyond_ASCII()
    {
        var host = await Transcript.PlaysAsync(Offered, new AcceptAll(), """
            S: 220 *
            C: EHLO client.test
            S: 250 *
            C: MAIL FROM:<ann@client.test> SMTPUTF8
            S: 250 *
            R: RCPT TO:<bob@contoso.example> ORCPT=utf-8;bj\\x{F6}rn@contoso.example\r\n
            S: 250 *
            R: RCPT TO:<bob@contoso.example> ORCPT=utf-8;bj\xC3\xB6rn@contoso.example\r\n
            S: 250 *
            R: RCPT TO:<bob@contoso.example> ORCPT=utf-8;bj\\x{0A}rn@contoso.example\r\n
            S: 501 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Equal(Enumerable.Repeat("utf-8;björn@contoso.example", 2), Assert.Single(host.Messages).Envelope.Recipients.Select(to => to.Original?.ToString()));
    }

    [Fact]
    [Must(5321, "4.1.1.11", "If the server does not recognize or cannot implement a parameter of MAIL FROM or RCPT TO, it will return code 555")]
    public Task Without_the_offer_they_are_unknown() => Transcript.PlaysAsync(Offered with { Extensions = SmtpExtensions.None }, new AcceptAll(), """
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:<ann@client.test> RET=FULL
        S: 555 *
        C: MAIL FROM:<ann@client.test>
        S: 250 *
        C: RCPT TO:<bob@contoso.example> NOTIFY=NEVER
        S: 555 *
        """);

    [Theory]
    [InlineData("plain")]
    [InlineData("a+b=c d")]
    public void Xtext_is_read_back(string text) => Assert.Equal(text, Xtext.Decode(Xtext.Encode(text)));
}
