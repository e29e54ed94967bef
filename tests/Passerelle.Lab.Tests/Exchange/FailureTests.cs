using MailKit.Net.Smtp;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Tests.Exchange;

/// <summary>The lab's own disk fails in the middle of a mail.</summary>
public class FailureTests
{
    private const string Outside = "0123456789abcdef@in.fabrikam.example";

    [Fact]
    public async Task A_mail_of_which_one_recipient_failed_is_delivered_once_to_each_when_it_is_sent_again()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.ForwardTo(Outside, keepCopy: true);
        host.Exchange.Settings.Route("in.fabrikam.example", LoopbackTarget.TryParse("127.0.0.1:9"));
        host.Exchange.Settings.Respond(ExchangeHost.Sales, AutoResponder.OutOfOffice);
        using var client = await host.ConnectAsync(LabListeners.Mx);
        var letter = ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Sales);
        letter.Cc.Add(MimeKit.MailboxAddress.Parse(ExchangeHost.Support));
        var queue = Path.Combine(host.Folder, "exchange", "demo", "queue");

        Directory.Delete(queue, recursive: true);
        await File.WriteAllTextAsync(queue, "no folder", host.Cancel);
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(letter, host.Cancel));
        Assert.Equal(451, (int)refused.StatusCode);
        Assert.Empty(Mail(host, ExchangeHost.Sales));
        Assert.Empty(Mail(host, ExchangeHost.Support));
        Assert.Empty(Mail(host, ExchangeHost.Customer));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Folder, "exchange", "demo", "mail")));

        File.Delete(queue);
        await client.SendAsync(letter, host.Cancel);
        Assert.Single(Mail(host, ExchangeHost.Sales));
        Assert.Single(Mail(host, ExchangeHost.Support));
        Assert.Single(Mail(host, ExchangeHost.Customer), mail => mail.AutoSubmitted == "auto-replied");
    }

    [Fact]
    public async Task A_submission_that_failed_leaves_nothing_in_Sent_Items()
    {
        await using var host = await ExchangeHost.StartAsync();
        host.Exchange.Settings.Route("in.fabrikam.example", LoopbackTarget.TryParse("127.0.0.1:9"));
        using var client = await host.SignInAsync();
        var queue = Path.Combine(host.Folder, "exchange", "demo", "queue");
        Directory.Delete(queue, recursive: true);
        await File.WriteAllTextAsync(queue, "no folder", host.Cancel);

        await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(ExchangeHost.Letter(ExchangeHost.Support, Outside), host.Cancel));

        Assert.Empty(host.Mail.List(ExchangeHost.Support, MailFolder.SentItems));
        File.Delete(queue);
    }

    [Theory]
    [InlineData(LabListeners.Smtp)]
    [InlineData(LabListeners.Mx)]
    public async Task A_mail_of_sixty_megabytes_is_refused_by_its_declared_size_and_by_its_real_one(string listener)
    {
        await using var host = await ExchangeHost.StartAsync();
        await using var dialogue = await Dialogue.OpenAsync(host.Port(listener));
        await dialogue.EncryptAsync();
        if (listener == LabListeners.Smtp) await dialogue.SignInAsync(host);
        const string tooLarge = "552 5.3.4 Message size exceeds fixed maximum message size";

        Assert.Equal(tooLarge, await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}> SIZE=62914560"));
        Assert.StartsWith("250", await dialogue.SayAsync($"MAIL FROM:<{ExchangeHost.Support}>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await dialogue.SayAsync($"RCPT TO:<{ExchangeHost.Sales}>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await dialogue.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.Equal(tooLarge, await dialogue.PourAsync($"From: <{ExchangeHost.Support}>", megabytes: 60));
        Assert.StartsWith("250", await dialogue.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(Mail(host, ExchangeHost.Sales));
    }

    /// <summary>What arrived, in whichever folder: a stranger's mail in a customer's name is junk.</summary>
    private static IEnumerable<StoredMail> Mail(ExchangeHost host, string box) =>
        host.Mail.List(box, MailFolder.Inbox).Concat(host.Mail.List(box, MailFolder.Junk));
}
