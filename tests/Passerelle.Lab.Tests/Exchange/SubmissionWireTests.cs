using MailKit.Net.Smtp;
using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>What may be said to the submission port beyond the plain letter (facts §5.1, §5.2), and what comes back.</summary>
public class SubmissionWireTests
{
    [Fact, Shows("5.2:BDAT-is-accepted-but-a-MailKit")]
    public async Task BDAT_is_accepted()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await SignedInAsync(host);
        await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}> BODY=BINARYMIME");
        await dialogue.SayAsync($"RCPT TO:<{ExchangeHost.Customer}>");

        Assert.StartsWith("250 2.0.0 ", await dialogue.ChunkAsync($"From: {ExchangeHost.Support}\r\nSubject: In pieces\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 OK <", await dialogue.ChunkAsync("\r\nbare\nline", last: true), StringComparison.Ordinal);

        var kept = Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
        Assert.Equal("In pieces", kept.Subject);
        Assert.EndsWith("\r\n\r\nbare\nline", System.Text.Encoding.UTF8.GetString(await host.Mail.ReadAsync(kept, host.Cancel)), StringComparison.Ordinal);
    }

    [Fact, Shows("5.2:RSET-250-2.0.0-Resetting.-Unknown")]
    public async Task RSET_an_unknown_verb_and_MAIL_too_early_are_answered_in_Exchanges_words()
    {
        const string suffix = @" \[LAB01P282CA0097\.outlook\.office365\.com \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [0-9A-F]{16}\]$";
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));

        Assert.Matches(@"^503 5\.5\.2 Send hello first" + suffix, await dialogue.SayAsync("MAIL FROM:<a@b.example>"));
        await dialogue.SayAsync("EHLO client.example");
        Assert.Matches(@"^500 5\.3\.3 Unrecognized command 'Xyzzy'" + suffix, await dialogue.SayAsync("Xyzzy now"));
        Assert.Equal("250 2.0.0 Resetting", await dialogue.SayAsync("RSET"));
    }

    [Theory]
    [Shows("5.1:smtp-legacy.office365.com", "5.1:outlook.office365.com", "5.1:smtp-mail.outlook.com", "5.1:smtp-hve.office365.com")]
    [InlineData("smtp.office365.com")]
    [InlineData("smtp-legacy.office365.com")]
    [InlineData("smtp-mail.outlook.com")]
    [InlineData("smtp-hve.office365.com")]
    [InlineData("outlook.office365.com")]
    public async Task Each_host_name_is_known_to_DNS_and_has_a_certificate(string name)
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));

        await dialogue.EncryptAsync(name);

        Assert.True(dialogue.CertificateFits);
        Assert.Single((await host.Dns().QueryAsync(name, DnsClient.QueryType.A, cancellationToken: host.Cancel)).Answers);
    }

    [Fact, Shows("5.1:smtp-mail.outlook.com")]
    public async Task A_work_account_does_not_sign_in_where_personal_accounts_do()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));
        await dialogue.EncryptAsync("smtp-mail.outlook.com");

        Assert.StartsWith("535 5.7.3 ", await dialogue.SignInReplyAsync(host), StringComparison.Ordinal);
    }

    [Fact, Shows("5.1:smtp-hve.office365.com", "5.8:High-Volume-Email")]
    public async Task High_volume_email_stays_inside()
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));
        await dialogue.EncryptAsync("smtp-hve.office365.com");
        await dialogue.SignInAsync(host);
        await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}>");

        Assert.StartsWith("550 5.7.1 ", await dialogue.SayAsync($"RCPT TO:<{ExchangeHost.Customer}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await dialogue.SayAsync($"RCPT TO:<{ExchangeHost.Sales}>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOTIFY=SUCCESS", ExchangeHost.Customer, "delivered")]
    [InlineData("NOTIFY=FAILURE", ExchangeHost.Customer, null)]
    [InlineData("NOTIFY=FAILURE", "nobody@contoso.example", "failed")]
    [InlineData("NOTIFY=SUCCESS", "nobody@contoso.example", null)]
    [InlineData("NOTIFY=NEVER", "nobody@contoso.example", null)]
    public async Task The_sender_hears_what_he_asked_to_hear(string notify, string recipient, string? action)
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await SignedInAsync(host);
        await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}> RET=HDRS ENVID=my+20id");
        Assert.StartsWith("250 ", await dialogue.SayAsync($"RCPT TO:<{recipient}> {notify} ORCPT=rfc822;first+40elsewhere.example"), StringComparison.Ordinal);
        await dialogue.SayAsync("DATA");
        await dialogue.SayAsync($"From: {ExchangeHost.Support}\r\nSubject: Receipt\r\n\r\nthe body\r\n.");

        var reports = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox);
        if (action is null)
        {
            Assert.Empty(reports);
            return;
        }

        var report = await MimeMessage.LoadAsync(new MemoryStream(await host.Mail.ReadAsync(Assert.Single(reports), host.Cancel)), host.Cancel);
        var parts = Assert.IsType<MultipartReport>(report.Body);
        var status = Assert.IsType<MessageDeliveryStatus>(parts[1]).StatusGroups;
        Assert.Equal("my id", status[0]["Original-Envelope-Id"]);
        Assert.Equal(("rfc822;first@elsewhere.example", action), (status[1]["Original-Recipient"], status[1]["Action"]));
        Assert.Equal(action == "delivered" ? "Delivered: Receipt" : "Undeliverable: Receipt", report.Subject);
        Assert.DoesNotContain("the body", parts[2].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "client-id@contoso.example")]
    [InlineData(true, null)]
    public async Task A_Message_ID_is_kept_or_rewritten_as_the_switch_says(bool rewrites, string? kept)
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, s => s with { RewritesMessageIds = rewrites });
        using var client = await host.SignInAsync();
        var letter = ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer);
        letter.MessageId = "client-id@contoso.example";

        var reply = await client.SendAsync(letter, host.Cancel);

        Assert.Contains("OK <client-id@contoso.example>", reply, StringComparison.Ordinal);
        var arrived = host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single().MessageId;
        if (kept is not null) Assert.Equal(kept, arrived);
        else Assert.EndsWith(ExchangeReplies.BackEnd, arrived, StringComparison.Ordinal);
        Assert.Equal(arrived, host.Mail.List(ExchangeHost.Support, MailFolder.SentItems).Single().MessageId);
    }

    [Theory]
    [InlineData(false, ExchangeHost.Support)]
    [InlineData(true, "help@contoso.example")]
    public async Task A_proxy_address_in_From_gives_way_to_the_primary_unless_aliases_may_send(bool aliases, string from)
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, s => s with { SendFromAlias = aliases });
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { ProxyAddresses = ["help@contoso.example"] } }); // it has one
        using var client = await host.SignInAsync();

        await client.SendAsync(ExchangeHost.Letter("Help Desk <help@contoso.example>", ExchangeHost.Customer), host.Cancel);

        var sent = host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single().From;
        Assert.Contains(from, sent, StringComparison.Ordinal);
        Assert.Contains("Help Desk", sent, StringComparison.Ordinal);
    }

    [Theory]
    [Shows("5.5:554-5.2.0-STOREDRV.Submission.Exception-SendAsDe")]
    [InlineData(ReplyAge.Older, "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied;")]
    [InlineData(ReplyAge.Oldest, "550 5.7.60 SMTP; Client does not have permissions to send as this sender")]
    public async Task The_older_words_of_SendAsDenied_are_a_switch(object age, string words)
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, s => s with { Replies = (ReplyAge)age });

        Assert.StartsWith(words, await RefusalAsync(host, ExchangeHost.Sales), StringComparison.Ordinal);
    }

    [Fact, Shows("5.5:550-5.1.8-Access-denied-bad-outbound-sender-AS-4")]
    public async Task A_restricted_sender_hears_5_1_8_in_the_older_words()
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, s => s with { Replies = ReplyAge.Older });
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { Restricted = true } }); // it has one

        Assert.Equal("550 5.1.8 Access denied, bad outbound sender AS(42004)", await RefusalAsync(host));
    }

    [Theory]
    [Shows("5.5:451-4.7.500-Server-busy.-Please-try-again-later-", "5.5:550-5.7.501-5.7.503-Access-denied-spam-abuse-det")]
    [InlineData("4.7.500", "451 4.7.500 Server busy. Please try again later from [127.0.0.1]. (S77")]
    [InlineData("5.7.501", "550 5.7.501 Access denied, spam abuse detected")]
    [InlineData("5.7.705", "550 5.7.705 Access denied, tenant has exceeded threshold")]
    public async Task The_lists_of_the_edge_hold_for_submission(string status, string words)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { MailFlow = d.MailFlow with { EdgeBlocks = [new EdgeBlock(ExchangeHost.Support, status)] } });

        Assert.StartsWith(words, await RefusalAsync(host), StringComparison.Ordinal);
    }

    [Fact, Shows("5.5:552-5.3.4-Message-size-exceeds-fixed-maximum-mes")]
    public async Task The_size_limit_is_a_setting()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { SubmissionLimits = new SubmissionLimits { MessageBytes = 100 } });
        await using var dialogue = await SignedInAsync(host);

        Assert.Equal("552 5.3.4 Message size exceeds fixed maximum message size", await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}> SIZE=101"));
        await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}>");
        await dialogue.SayAsync($"RCPT TO:<{ExchangeHost.Customer}>");
        await dialogue.SayAsync("DATA");
        Assert.Equal("552 5.3.4 Message size exceeds fixed maximum message size", await dialogue.SayAsync($"Subject: {new string('x', 100)}\r\n\r\n."));
    }

    [Theory, Shows("5.4:535-5.7.139-Authentication-unsuccessful-the-requ")]
    [InlineData("mfa")]
    [InlineData("risk")]
    public async Task A_password_alone_does_not_meet_a_policy_that_asks_for_more(string why)
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ChangeUser(ExchangeHost.Support, u => u with { AtRisk = why == "risk", Mailbox = u.Mailbox! with { BasicAuthAllowed = true } }); // it has one
        if (why == "mfa")
            host.Lab.ChangeDirectory(host.Directory.Id, d => d with { AccessPolicies = [new AccessPolicy { Id = host.Lab.NewId(), Name = "MFA", Demand = AccessDemand.Mfa }] });
        using var client = await host.ConnectAsync(LabListeners.Smtp);

        var refused = await Assert.ThrowsAsync<MailKit.Security.AuthenticationException>(
            () => client.AuthenticateAsync(new MailKit.Security.SaslMechanismLogin(ExchangeHost.Support, "box-pass"), host.Cancel));

        Assert.StartsWith("535: 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully."
            + " Contact your administrator.", refused.Message, StringComparison.Ordinal);
        using var byToken = await host.SignInAsync();
        Assert.True(byToken.IsAuthenticated);
    }

    [Fact, Shows("5.8:Outbound-spam-policy")]
    public async Task Who_goes_over_the_outbound_spam_policy_is_restricted_until_he_is_freed()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { MailFlow = d.MailFlow.With(new OutboundPolicy(MailFlow.Default) { ExternalPerHour = 1 }) });
        using (var client = await host.SignInAsync()) await client.SendAsync(ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer), host.Cancel);

        Assert.StartsWith("554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException;", await RefusalAsync(host), StringComparison.Ordinal);
        host.Lab.Change(state => state with { Ahead = state.Ahead + TimeSpan.FromHours(1.1) });
        Assert.StartsWith("554 5.2.0 ", await RefusalAsync(host), StringComparison.Ordinal);
        host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox! with { Restricted = false } }); // it has one
        using var again = await host.SignInAsync();
        await again.SendAsync(ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer), host.Cancel);
    }

    [Theory, Shows("5.8:TERRL-for-young-tenants")]
    [InlineData(0, false, 1_000)]
    [InlineData(30, false, 1_000)]
    [InlineData(31, false, 2_500)]
    [InlineData(60, false, 2_500)]
    [InlineData(61, false, 10_000)]
    [InlineData(10, true, 500)]
    [InlineData(61, true, 5_000)]
    public void A_young_directory_reaches_fewer_outside(int days, bool trial, int recipients) =>
        Assert.Equal(recipients, new SubmissionLimits { Licences = 1, Trial = trial }.ExternalRecipients(1, TimeSpan.FromDays(days)));

    [Fact, Shows("5.8:TERRL-roll-out")]
    public async Task Automatic_replies_do_not_count_towards_the_external_limit()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Exchange.Settings.Respond(ExchangeHost.Support, AutoResponder.OutOfOffice);
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support));
        Assert.Single(host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox));
        Assert.Equal(0, host.Exchange.Ledger.ExternalOf(host.Directory));

        using var client = await host.SignInAsync();
        await client.SendAsync(ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer), host.Cancel);
        Assert.Equal(1, host.Exchange.Ledger.ExternalOf(host.Directory));
    }

    [Theory, Shows("5.9:Organisation-SMTP-AUTH", "5.9:Mailbox-SMTP-AUTH")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_switch_of_SMTP_AUTH_takes_effect_after_its_delay(bool ofMailbox)
    {
        await using var host = await ExchangeHost.StartAsync();
        Set(host, s => s with { SmtpAuthDelayMinutes = 60 });
        var now = host.Lab.Time.GetUtcNow();
        if (ofMailbox) host.ChangeUser(ExchangeHost.Support, u => u with { Mailbox = u.Mailbox!.WithSmtpAuth(false, now, 60) }); // it has one
        else host.Lab.ChangeDirectory(host.Directory.Id, d => d.WithSmtpAuth(false, now));

        using (var client = await host.SignInAsync()) Assert.True(client.IsAuthenticated);
        host.Lab.Change(state => state with { Ahead = state.Ahead + TimeSpan.FromMinutes(61) });
        var refused = await Assert.ThrowsAsync<MailKit.Security.AuthenticationException>(() => host.SignInAsync());

        Assert.Contains(ofMailbox ? ExchangeReplies.DisabledForMailbox : ExchangeReplies.DisabledForTenant, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sender_is_judged_before_the_limits()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { SubmissionLimits = new SubmissionLimits { Connections = 1 } });
        using var first = await host.SignInAsync();

        Assert.StartsWith("554 5.2.252 ", await RefusalAsync(host, ExchangeHost.Sales), StringComparison.Ordinal);
        Assert.StartsWith("432 4.3.2 ", await RefusalAsync(host), StringComparison.Ordinal);
    }

    private static void Set(ExchangeHost host, Func<SubmissionSettings, SubmissionSettings> change) =>
        host.Lab.ChangeDirectory(host.Directory.Id, d => d with { Submission = change(d.Submission) });

    private static async Task<Dialogue> SignedInAsync(ExchangeHost host)
    {
        var dialogue = await Dialogue.OpenAsync(host.Port(LabListeners.Smtp));
        await dialogue.EncryptAsync();
        await dialogue.SignInAsync(host);
        return dialogue;
    }

    private static async Task<string> RefusalAsync(ExchangeHost host, string from = ExchangeHost.Support)
    {
        using var client = await host.SignInAsync();
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(
            () => client.SendAsync(ExchangeHost.Letter(from, ExchangeHost.Customer), host.Cancel));
        return $"{(int)refused.StatusCode} {refused.Message}";
    }
}
