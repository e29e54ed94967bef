using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>MailKit and Python's imaplib read a mailbox.</summary>
public sealed class ImapTests(ClientsLab lab)
{
    [Fact]
    [Shows("3.4:IMAP-POP", "5.1:outlook.office365.com")]
    public async Task MailKit_finds_and_reads_a_mail_with_a_delegated_token()
    {
        Contoso contoso = await NewLabAsync("To MailKit");
        using ImapClient client = await ConnectAsync();
        await client.AuthenticateAsync(new SaslMechanismOAuth2(contoso.Support, await lab.MailTokenAsync(contoso, ImapScopes)), Cancel);
        IMailFolder inbox = client.Inbox ?? throw new InvalidOperationException("No INBOX");
        await inbox.OpenAsync(FolderAccess.ReadOnly, Cancel);
        UniqueId found = Assert.Single(await inbox.SearchAsync(SearchQuery.SubjectContains("To MailKit"), Cancel));
        Assert.Equal("Hello", (await inbox.GetMessageAsync(found, Cancel)).TextBody?.Trim());
        await client.DisconnectAsync(true, Cancel);
    }

    [Fact]
    [Shows("3.4:IMAP-POP")]
    public async Task MailKit_is_refused_with_a_token_for_sending()
    {
        Contoso contoso = await NewLabAsync("Unread");
        using ImapClient client = await ConnectAsync();
        var token = await lab.MailTokenAsync(contoso);
        await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync(new SaslMechanismOAuth2(contoso.Support, token), Cancel));
        Assert.False(client.IsAuthenticated);
    }

    [Fact]
    [Shows("3.4:IMAP-POP")]
    public async Task Imaplib_finds_reads_and_marks_a_mail()
    {
        Contoso contoso = await NewLabAsync("To imaplib");
        await using Script python = Script.Python(lab, contoso, "imap.py", ("LAB_TOKEN", await lab.MailTokenAsync(contoso, ImapScopes)));
        JsonElement said = await python.ReadAsync();
        Assert.Equal("""{"count": "1", "subject": "To imaplib", "text": "Hello", "flags": ["\\Flagged", "\\Seen"]}""", said.GetRawText());
    }

    [Fact]
    [Shows("3.4:IMAP-POP")]
    public async Task Imaplib_hears_AUTHENTICATE_failed_for_an_expired_token()
    {
        Contoso contoso = await NewLabAsync("Unread");
        var token = await lab.MailTokenAsync(contoso, ImapScopes);
        await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(2), Cancel);
        await using Script python = Script.Python(lab, contoso, "imap.py", ("LAB_TOKEN", token));
        JsonElement said = await python.ReadAsync();
        Assert.Contains("AUTHENTICATE failed.", said.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    /// <summary>With one mail in the mailbox, and consent to IMAP allowed to users.</summary>
    private async Task<Contoso> NewLabAsync(string subject)
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Control.SetUserConsentAsync(contoso.DirectoryId, "always", Cancel);
        await lab.Mail(contoso).WriteAsync(contoso.Ann, contoso.Support, subject, "Hello", Cancel);
        Assert.NotNull(await lab.Mail(contoso).WaitAsync(contoso.Support, TimeSpan.FromSeconds(20), Cancel, subject: subject));
        return contoso;
    }

    private async Task<ImapClient> ConnectAsync()
    {
        var client = new ImapClient { ServerCertificateValidationCallback = (_, shown, _, _) => lab.Fixture.Trusts(shown as X509Certificate2) };
        await client.ConnectAsync("localhost", lab.ImapPort, SecureSocketOptions.SslOnConnect, Cancel);
        return client;
    }
}
