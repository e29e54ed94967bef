using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Passerelle.Smtp.Tests;

public sealed class StartTlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    [Must(3207, "4", "A server that requires TLS SHOULD return the reply code 530, status code 5.7.0, to MAIL before it")]
    [Must(3207, "4.2", "The server MUST discard any knowledge obtained from the client which was not obtained from the TLS negotiation itself")]
    [Must(3207, "4.2", "The server MUST know if there is a TLS session active")]
    [Must(3207, "4.2", "A server MUST NOT return the STARTTLS extension in response to an EHLO command received after a TLS handshake has completed")]
    public async Task After_STARTTLS_everything_begins_anew_and_mail_and_AUTH_are_taken()
    {
        var host = new AcceptAll { Offered = ["XOAUTH2"] };
        await using var conversation = new Conversation(Options(tlsRequired: true), host);
        await SayAsync(conversation, "", "220 ");
        await SayAsync(conversation, "EHLO before.test", "250-", "250-STARTTLS");
        await SayAsync(conversation, "MAIL FROM:<a@b.test>", "530 5.7.0");
        await SayAsync(conversation, "STARTTLS", "220 2.0.0");

        await using var tls = await HandshakeAsync(conversation);
        using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
        await SayAsync(tls, reader, "MAIL FROM:<a@b.test>", "503 5.5.1 Say EHLO first");
        Assert.Null(conversation.Host.Session!.Helo);
        var hello = await SayAsync(tls, reader, "EHLO after.test", "250 SMTPUTF8");
        Assert.Contains("250-AUTH XOAUTH2", hello);
        Assert.DoesNotContain("250-STARTTLS", hello);
        await SayAsync(tls, reader, "STARTTLS", "503 5.5.1");
        var token = "user" + new string('x', 12_288);
        var response = Convert.ToBase64String(Encoding.ASCII.GetBytes(token));
        await SayAsync(tls, reader, $"AUTH XOAUTH2 {response}", "235 2.7.0");
        await SayAsync(tls, reader, "MAIL FROM:<a@b.test>", "250 ");
        await SayAsync(tls, reader, "RCPT TO:<b@b.test>", "250 ");
        await SayAsync(tls, reader, "DATA", "354 ");
        var line = new string('y', 70) + "\r\n";
        await SayAsync(tls, reader, string.Concat(Enumerable.Repeat(line, 4000)) + ".", "250 2.0.0 Stored 288000");
        await SayAsync(tls, reader, "QUIT", "221 ");
        Assert.Null(await reader.ReadLineAsync(TestContext.Current.CancellationToken)); // close_notify, not a reset
        await conversation.Server;

        var session = conversation.Host.Session!;
        Assert.Equal((tls.SslProtocol, tls.NegotiatedCipherSuite), (session.Tls!.Protocol, session.Tls.Cipher));
        Assert.Equal(("mx.contoso.example", "after.test"), (session.Tls.ServerName, session.Helo));
        Assert.Equal(token, session.Identity);
        Assert.Equal([SmtpClosing.Quit], conversation.Host.Closings);
    }

    [Theory]
    [InlineData(@"STARTTLS\r\nEHLO evil.test\r\n", "421 4.7.0 *")]
    [InlineData(@"STARTTLS\r\nX", "421 4.7.0 *")]
    [Must(3207, "4", "With pipelining the STARTTLS command must be the last command in a group")]
    [Must(3207, "6", "Servers MUST discard any knowledge obtained prior to the start of the TLS handshake upon completion of the TLS handshake")]
    public async Task Bytes_behind_STARTTLS_are_refused(string raw, string reply)
    {
        var host = await Transcript.PlaysAsync(Options(), new AcceptAll(), $"""
            S: 220 *
            C: EHLO client.test
            S: 250 *
            R: {raw}
            S: {reply}
            ! closed
            """);
        Assert.Equal([SmtpClosing.Refused], host.Closings);
        Assert.False(host.Session!.Secure);
    }

    [Fact]
    [Must(3207, "4", "STARTTLS has no parameters: 501 Syntax error (no parameters allowed)")]
    public async Task Clear_text_instead_of_a_handshake_closes()
    {
        var host = await Transcript.PlaysAsync(Options(), new AcceptAll(), """
            S: 220 *
            C: STARTTLS now
            S: 501 5.5.4 *
            C: STARTTLS
            S: 220 2.0.0 *
            C: EHLO evil.test
            ! closed
            """);
        Assert.Equal([SmtpClosing.HandshakeFailed], host.Closings);
    }

    [Fact]
    [Must(3207, "4", "A publicly-referenced SMTP server MUST NOT require use of the STARTTLS extension in order to deliver mail locally")]
    public async Task Mail_in_the_clear_is_taken_where_nobody_asked_for_more()
    {
        var host = await Transcript.PlaysAsync(Options(), new AcceptAll(), """
            S: 220 *
            C: EHLO client.test
            S: 250 *
            H: 250-STARTTLS
            C: MAIL FROM:<ann@client.test>
            S: 250 *
            C: RCPT TO:<bob@contoso.example>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Single(host.Messages);
    }

    [Fact]
    public async Task A_client_without_a_common_protocol_is_told_so_by_an_alert()
    {
        await using var conversation = new Conversation(new SmtpServerOptions
        {
            HostName = "mx.contoso.example",
            Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = SslProtocols.Tls13 },
        });
        await SayAsync(conversation, "", "220 ");
        await SayAsync(conversation, "STARTTLS", "220 2.0.0");
        await using var tls = new SslStream(new DuplexStream(conversation.Client.Input, conversation.Client.Output));

        var refused = await Assert.ThrowsAsync<AuthenticationException>(() => tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "mx.contoso.example", EnabledSslProtocols = SslProtocols.Tls12 },
            TestContext.Current.CancellationToken));

        Assert.Contains("alert protocol version", refused.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_handshake_that_does_not_come_is_given_up()
    {
        var host = await Transcript.PlaysAsync(Options(), new AcceptAll(), """
            S: 220 *
            C: STARTTLS
            S: 220 2.0.0 *
            ! expire
            ! closed
            """);
        Assert.Equal([SmtpClosing.HandshakeFailed], host.Closings);
    }

    [Fact]
    public async Task The_last_words_come_through_TLS_too()
    {
        await using var conversation = new Conversation(Options());
        await SayAsync(conversation, "", "220 ");
        await SayAsync(conversation, "STARTTLS", "220 2.0.0");
        await using var tls = await HandshakeAsync(conversation);
        using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
        await SayAsync(tls, reader, "EHLO after.test", "250 ");
        await conversation.ExpireAsync();
        Assert.StartsWith("421 4.4.2", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal([SmtpClosing.TimedOut], conversation.Host.Closings);
    }

    private SmtpServerOptions Options(bool tlsRequired = false) => new()
    {
        HostName = "mx.contoso.example",
        Limits = new SmtpLimits(TlsRequired: tlsRequired),
        Tls = new SslServerAuthenticationOptions { ServerCertificate = _certificate },
    };

    private async Task<SslStream> HandshakeAsync(Conversation conversation)
    {
        var tls = new SslStream(new DuplexStream(conversation.Client.Input, conversation.Client.Output));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "mx.contoso.example",
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback =
                    (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString(),
            },
            TestContext.Current.CancellationToken);
        return tls;
    }

    private static async Task SayAsync(Conversation conversation, string line, string prefix, string? also = null)
    {
        if (line.Length > 0) await conversation.SendAsync(line + "\r\n");
        var reply = await conversation.ReadReplyAsync();
        Assert.StartsWith(prefix, reply);
        if (also is not null) Assert.Contains(also, reply);
    }

    private static async Task<IReadOnlyList<string>> SayAsync(
        SslStream tls, StreamReader reader, string line, string prefix)
    {
        var cancel = TestContext.Current.CancellationToken;
        await tls.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancel);
        var reply = new List<string>();
        do reply.Add(await reader.ReadLineAsync(cancel) ?? throw new EndOfStreamException(line));
        while (reply[^1][3] == '-');
        Assert.StartsWith(prefix, reply[^1]);
        return reply;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.contoso.example", key, HashAlgorithmName.SHA256);
        var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = request.CreateSelfSigned(from, from.AddYears(40));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
