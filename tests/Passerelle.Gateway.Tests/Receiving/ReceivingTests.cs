using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;

namespace Passerelle.Gateway.Tests.Receiving;

public sealed class ReceivingTests
{
    private static readonly string Mail = Written.Mail();
    private static CancellationToken Cancel => TempStore.Cancel;

    [Fact]
    [Must(5321, "4.4", "When an SMTP server receives a message for delivery or further processing, it MUST insert trace information at the beginning of the message content")]
    [Must(5321, "4.4", "The FROM clause MUST be supplied, and SHOULD contain the name as presented in the EHLO command and an address literal of the source")]
    [Must(5321, "4.4", "The delivery server inserts a return-path line at the beginning of the mail data: mail systems MUST support it")]
    public async Task A_mail_answered_250_is_a_receipt_with_our_trace_on_top_and_becomes_a_message()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        var answer = await wire.MailAsync(Mail, bench.Inbound.Address.ToUpperInvariant());

        Assert.Matches("^250 2.0.0 Accepted as [0-9a-f]{32}$", answer);
        var receipt = await bench.Inbound.ReceiptAsync(Guid.ParseExact(answer[^32..], "N"));
        Assert.Equal(("ann@fabrikam.example", "mail.fabrikam.example", "received"), (receipt.EnvelopeFrom, receipt.Helo, receipt.State));
        await bench.Inbound.ReadDueAsync();
        Assert.Equal("ann@fabrikam.example", (await bench.Inbound.MessageAsync(receipt.Id)).FromAddress);
        await using var source = await bench.Inbound.Messages.OpenSourceAsync(bench.Inbound.Organisation, receipt.Id, Cancel);
        using var reader = new StreamReader(source!);
        Assert.Equal("Return-Path: <ann@fabrikam.example>", await reader.ReadLineAsync(Cancel)); // RFC 5321 §4.4
        Assert.Equal("Received: from mail.fabrikam.example ([127.0.0.1])", await reader.ReadLineAsync(Cancel));
        Assert.StartsWith(" by in.contoso.example (Passerelle) with ESMTP", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.StartsWith($" id {receipt.Id:N}; ", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.StartsWith("From: Ann Bell", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_recipient_is_refused_and_a_gone_app_is_unknown()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("550 5.1.1 ", await wire.SayAsync("RCPT TO:<00000000000000000000000000000000@in.contoso.example>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1 ", await wire.SayAsync("RCPT TO:<support@contoso.example>"), StringComparison.Ordinal);
        await bench.Inbound.SetStateAsync(bench.Inbound.Organisation, bench.Inbound.App, "gone");
        Assert.StartsWith("550 5.1.1 ", await wire.SayAsync($"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
        Assert.StartsWith("554 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_run_nothing_is_refused_for_good()
    {
        await using var bench = await DoorBench.OpenAsync();
        await bench.Inbound.Store.WriteAsync(
            Gateway.Store.Lane.Work, tx => tx.Across("settings of the installation").Execute("DELETE FROM installation"), Cancel);
        await using var wire = await bench.ConnectAsync();
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("451 4.3.5 ", await wire.SayAsync("RCPT TO:<anybody@in.contoso.example>"), StringComparison.Ordinal);
    }

    [Fact]
    [Must(5321, "4.5.1", "RCPT commands that specify postmaster at any of the domains for which the SMTP server provides mail service MUST be supported")]
    public async Task Mail_to_postmaster_of_the_inbound_domain_is_taken()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.MailAsync(Mail, "PostMaster@in.contoso.example", "postmaster"), StringComparison.Ordinal);
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("550 ", await wire.SayAsync("RCPT TO:<postmaster@elsewhere.example>"), StringComparison.Ordinal);
        await bench.Inbound.ReadDueAsync();
        Assert.Equal(1, await bench.Inbound.CountAsync("message WHERE state = 'kept'"));
    }

    [Fact]
    public async Task Recipients_of_two_organisations_get_bytes_of_their_own()
    {
        await using var bench = await DoorBench.OpenAsync();
        var other = await bench.Inbound.Temp.OrganisationAsync("Fabrikam");
        var (_, address) = await bench.Inbound.NewAppAsync(other, "connected");
        var (_, second) = await bench.Inbound.NewAppAsync(bench.Inbound.Organisation, "connected");
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("250 ", await wire.MailAsync(Mail, bench.Inbound.Address, address, second, address), StringComparison.Ordinal);

        Assert.Equal(3, await bench.Inbound.CountAsync("receipt"));
        Assert.Equal(2, await bench.Inbound.CountAsync("raw_mail"));
        await bench.Inbound.ReadDueAsync();
        Assert.Single((await bench.Inbound.Messages.ListAsync(other, null, null, 10, Cancel)).Lines);
        Assert.Equal(2, (await bench.Inbound.Messages.ListAsync(bench.Inbound.Organisation, null, null, 10, Cancel)).Lines.Count);
    }

    [Fact]
    public async Task Large_mail_is_spooled_for_each_organisation_and_read_like_any_other()
    {
        await using var bench = await DoorBench.OpenAsync();
        var other = await bench.Inbound.Temp.OrganisationAsync("Fabrikam");
        var (_, address) = await bench.Inbound.NewAppAsync(other, "connected");
        await using var wire = await bench.ConnectAsync();
        var text = string.Concat(Enumerable.Repeat("All of it matters.\r\n", 10_000));
        Assert.StartsWith("250 ", await wire.MailAsync(Written.Mail(text: text), bench.Inbound.Address, address), StringComparison.Ordinal);

        Assert.Equal(2, await bench.Inbound.CountAsync("raw_mail WHERE content IS NULL"));
        Assert.Equal(2, Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories).Length);
        await bench.Inbound.ReadDueAsync();
        var line = Assert.Single((await bench.Inbound.Messages.ListAsync(other, null, null, 10, Cancel)).Lines);
        Assert.True((await bench.Inbound.Messages.FindAsync(other, line.Id, Cancel))?.Text.Length > 150_000);
    }

    [Fact]
    [Must(5321, "4.2.5", "Behind a permanent error (5yz) after the mail data the server MUST NOT make any subsequent attempt to deliver the message")]
    public async Task A_mail_beyond_the_bound_is_refused_declared_or_not_and_leaves_nothing()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        Assert.StartsWith("552 ", await wire.SayAsync("MAIL FROM:<ann@fabrikam.example> SIZE=62914560"), StringComparison.Ordinal);
        var text = string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 1_100));
        Assert.StartsWith("552 ", await wire.MailAsync(Written.Mail(text: text), bench.Inbound.Address), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
        Assert.Empty(Directory.GetFiles(bench.Spool.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    [Must(5321, "4.2.5", "Behind a temporary error (4yz) after the mail data the server MUST NOT make a subsequent attempt to deliver that message")]
    public async Task A_full_disk_is_452_a_store_that_is_away_451_and_the_mail_is_taken_when_it_is_back()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        await BeginAsync(wire, bench.Inbound.Address);
        bench.Faulty.Fault = new StoreUnavailable("full", diskFull: true, new IOException());
        Assert.StartsWith("452 4.3.1 ", await EndAsync(wire), StringComparison.Ordinal);

        bench.Faulty.Fault = null;
        await BeginAsync(wire, bench.Inbound.Address);
        bench.Faulty.Fault = new StoreUnavailable("away", diskFull: false, new IOException());
        Assert.StartsWith("451 4.3.0 ", await EndAsync(wire), StringComparison.Ordinal);

        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("451 ", await wire.SayAsync($"RCPT TO:<{bench.Inbound.Address}>"), StringComparison.Ordinal);
        await wire.SayAsync("RSET");
        bench.Faulty.Fault = null;
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt"));
        Assert.StartsWith("250 ", await wire.MailAsync(Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    [Must(5321, "6.3", "Servers MUST contain provisions for detecting and stopping trivial loops")]
    public async Task A_mail_that_has_passed_here_three_times_runs_in_a_circle()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var wire = await bench.ConnectAsync();
        const string Trace = "Received: from a.example\r\n by in.contoso.example (Passerelle) with ESMTP\r\n id x; Sun, 01 Nov 2026 12:00:00 +0000\r\n";
        Assert.StartsWith("250 ", await wire.MailAsync(Trace + Mail, bench.Inbound.Address), StringComparison.Ordinal);
        Assert.StartsWith("554 5.4.6 ", await wire.MailAsync(Trace + Trace + Mail, bench.Inbound.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_finishes_the_mail_that_is_on_its_way_and_then_says_421()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var idle = await bench.ConnectAsync();
        await using var wire = await bench.ConnectAsync();
        await BeginAsync(wire, bench.Inbound.Address);
        var stopping = bench.Door.StopAsync(Cancel);
        Assert.StartsWith("421 ", await idle.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await EndAsync(wire), StringComparison.Ordinal);
        Assert.StartsWith("421 ", await wire.ReplyAsync(), StringComparison.Ordinal);
        await stopping;
        Assert.Equal(1, await bench.Inbound.CountAsync("receipt"));
    }

    [Fact]
    public async Task A_stop_has_patience_with_a_sender_who_never_ends_and_it_ends()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using var idle = await bench.ConnectAsync();
        await using var endless = await bench.ConnectAsync();
        await BeginAsync(endless, bench.Inbound.Address);
        await endless.SendAsync("From: ann@fabrikam.example\n\n");
        using var patience = new CancellationTokenSource();
        var stopping = bench.Door.StopAsync(patience.Token);
        Assert.StartsWith("421 ", await idle.ReplyAsync(), StringComparison.Ordinal);
        await endless.SendAsync("and on and on\n");
        Assert.False(stopping.IsCompleted);
        await patience.CancelAsync();
        await stopping;
        Assert.DoesNotContain("250", await endless.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
    }

    [Fact]
    public async Task MailKit_delivers_through_STARTTLS_with_the_self_made_certificate()
    {
        await using var bench = await DoorBench.OpenAsync();
        using var client = new SmtpClient { ServerCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=in.contoso.example", CheckCertificateRevocation = false };
        await client.ConnectAsync("127.0.0.1", bench.Endpoint.Port, SecureSocketOptions.StartTls, Cancel);
        using var message = new MimeMessage();
        message.From.Add(new MailboxAddress("Ann", "ann@fabrikam.example"));
        message.To.Add(new MailboxAddress("", bench.Inbound.Address));
        message.Body = new TextPart("plain") { Text = "Hello" };
        var answer = await client.SendAsync(message, Cancel);
        await client.DisconnectAsync(true, Cancel);

        var receipt = await bench.Inbound.ReceiptAsync(Guid.ParseExact(answer[^32..], "N"));
        Assert.StartsWith("Tls1", receipt.Tls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_that_hangs_up_in_the_middle_leaves_nothing()
    {
        await using var bench = await DoorBench.OpenAsync();
        await using (var wire = await bench.ConnectAsync())
        {
            await BeginAsync(wire, bench.Inbound.Address);
            await wire.SendAsync("From: ann@fabrikam.example\n\nhalf a ma");
        }
        await bench.Door.StopAsync(Cancel);
        Assert.Equal(0, await bench.Inbound.CountAsync("receipt") + await bench.Inbound.CountAsync("raw_mail"));
    }

    [Fact]
    public async Task One_connection_too_many_is_told_to_come_back()
    {
        await using var bench = await DoorBench.OpenAsync(new Gateway.Receiving.ReceivingOptions { Endpoints = ["127.0.0.1:0"], MaxConnections = 1 });
        await using var first = await bench.ConnectAsync();
        var second = await Assert.ThrowsAnyAsync<Exception>(() => Wire.OpenAsync(bench.Endpoint));
        Assert.Contains("421", second.Message, StringComparison.Ordinal);
    }

    private static async Task BeginAsync(Wire wire, string address)
    {
        await wire.SayAsync("MAIL FROM:<ann@fabrikam.example>");
        Assert.StartsWith("250 ", await wire.SayAsync($"RCPT TO:<{address}>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await wire.SayAsync("DATA"), StringComparison.Ordinal);
    }

    private static async Task<string> EndAsync(Wire wire)
    {
        await wire.SendAsync($"{Mail}\n.\n");
        return await wire.ReplyAsync();
    }
}
