using System.Text;

namespace Passerelle.Smtp.Tests;

public sealed class AuthTests
{
    private static Task<AcceptAll> PlaysAsync(string text, SmtpLimits? limits = null) => Transcript.PlaysAsync(
        Conversation.Options(limits), new AcceptAll { Offered = ["LOGIN", "XOAUTH2"] }, """
            S: 220 *
            C: EHLO client.test
            S: 250 *
            H: 250-AUTH LOGIN XOAUTH2

            """ + text);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData(100)]
    [InlineData(12_288)]
    [InlineData(23_000)]
    public async Task An_initial_response_of_many_kilobytes_is_taken(int size)
    {
        var token = "user=a@b" + new string('t', size);
        var host = await PlaysAsync($"""
            C: AUTH XOAUTH2 {Base64(token)}
            S: 235 2.7.0 *
            C: MAIL FROM:<a@b.test> AUTH=<>
            S: 250 *
            """);
        Assert.Equal(token, host.Session!.Identity);
    }

    [Fact]
    public async Task A_long_response_may_follow_an_empty_challenge()
    {
        var token = "user=a@b" + new string('t', 12_288);
        var host = await PlaysAsync($"""
            C: auth xoauth2
            S: 334 *
            C: {Base64(token)}
            S: 235 2.7.0 *
            C: AUTH XOAUTH2 {Base64(token)}
            S: 503 5.5.1 Authenticated already
            """);
        Assert.Equal(token, host.Session!.Identity);
    }

    [Fact]
    public async Task LOGIN_asks_for_name_and_password()
    {
        var host = await PlaysAsync("""
            C: AUTH LOGIN
            S: 334 VXNlcm5hbWU6
            C: YW5u
            S: 334 UGFzc3dvcmQ6
            C: c2VjcmV0
            S: 235 2.7.0 *
            """);
        Assert.Equal("ann", host.Session!.Identity);
    }

    [Fact]
    public async Task A_refused_exchange_leaves_nobody_signed_in()
    {
        var host = await PlaysAsync($"""
            C: AUTH XOAUTH2 =
            S: 535 5.7.3 *
            C: AUTH XOAUTH2 {Base64("wrong")}
            S: 535 5.7.3 *
            C: AUTH LOGIN
            S: 334 *
            C: *
            S: 501 5.7.0 *
            C: AUTH LOGIN
            S: 334 *
            C: not base64!
            S: 501 5.5.2 *
            C: AUTH XOAUTH2 %%%
            S: 501 5.5.2 *
            C: AUTH GSSAPI
            S: 504 5.5.4 *
            C: AUTH
            S: 501 5.5.4 *
            C: AUTH LOGIN
            S: 334 *
            C: {Base64("boom")}
            S: 454 4.7.0 *
            C: MAIL FROM:<a@b.test>
            S: 250 *
            C: AUTH LOGIN
            S: 503 5.5.1 Not within a message
            """);
        Assert.Null(host.Session!.Identity);
        Assert.IsType<TimeoutException>(Assert.Single(host.Faults));
    }

    [Fact]
    public Task An_answer_beyond_the_bound_is_refused() => PlaysAsync($"""
        C: AUTH XOAUTH2
        S: 334 *
        C: {new string('A', 5000)}
        S: 500 5.5.6 *
        C: AUTH XOAUTH2 {new string('A', 5000)}
        S: 500 5.5.6 *
        """, new SmtpLimits { MaxAuthBytes = 4096 });

    [Fact]
    public Task MAIL_needs_AUTH_where_the_listener_says_so() => PlaysAsync($"""
        C: MAIL FROM:<a@b.test>
        S: 530 5.7.0 Authentication required
        C: AUTH XOAUTH2 {Base64("user")}
        S: 235 *
        C: MAIL FROM:<a@b.test>
        S: 250 *
        """, new SmtpLimits(AuthRequired: true));

    [Fact]
    public Task MAIL_and_AUTH_need_TLS_where_the_listener_says_so() => PlaysAsync($"""
        C: MAIL FROM:<a@b.test>
        S: 530 5.7.0 Must issue a STARTTLS command first
        C: AUTH XOAUTH2 {Base64("user")}
        S: 538 5.7.11 *
        """, new SmtpLimits(TlsRequired: true));

    [Fact]
    public async Task Hanging_up_within_an_exchange_ends_quietly()
    {
        var host = await PlaysAsync("""
            C: AUTH LOGIN
            S: 334 *
            ! hangup
            ! closed
            """);
        Assert.Equal([SmtpClosing.Disconnected], host.Closings);
        Assert.Empty(host.Faults);
    }
}
