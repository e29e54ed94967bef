using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Exchange;

namespace Passerelle.Lab.Tests.Control;

/// <summary>A directory as the control API makes it, with nothing set: two people, one application, and no domain but the first.</summary>
internal sealed class FirstDay(LabUnderTest lab, Contoso directory)
{
    public Contoso Directory => directory;
    public LabControl Control => lab.Fixture.Control;
    public LabMail Mail { get; } = new(lab.Fixture.Control, directory.Lab);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="name">Letters and digits; also the lab's.</param>
    public static async Task<FirstDay> NewAsync(LabUnderTest lab, string name)
    {
        LabControl control = lab.Fixture.Control;
        var domain = $"{name}.onmicrosoft.com";
        var outside = $"fabrikam-{name}.example";
        await control.OpenLabAsync(name, Cancel);
        Guid directory = await control.AddDirectoryAsync(name, name, null, Cancel);
        await control.AddUserAsync(directory, "support@" + domain, "Support", Contoso.Password, false, Cancel);
        await control.AddUserAsync(directory, "admin@" + domain, "Admin", Contoso.Password, true, Cancel);
        await control.AddOutsideDomainAsync(name, outside,
            [("ann@" + outside, "Ann", Contoso.Password), ("bob@" + outside, "Bob", Contoso.Password)], Cancel);
        Guid app = await control.RegisterAppAsync(directory, "Passerelle", LabUnderTest.Callback, Cancel);
        (Guid secretId, var secret) = await control.AddSecretAsync(directory, app, "passerelle", null, Cancel);
        return new FirstDay(lab, new Contoso(name, directory, domain, outside, app, secretId, secret, LabUnderTest.Callback));
    }

    /// <summary>AUTH LOGIN.</summary>
    /// <returns>The last reply.</returns>
    public async Task<string> SignInByPasswordAsync()
    {
        await using Dialogue smtp = await Dialogue.OpenAsync(lab.Fixture.Endpoints.SmtpPort!.Value); // the fixture always has it
        await smtp.EncryptAsync();
        await smtp.SayAsync("AUTH LOGIN");
        await smtp.SayAsync(Base64(directory.Support));
        return await smtp.SayAsync(Base64(Contoso.Password));
    }

    /// <summary>Signs in with what is registered and consented by now.</summary>
    /// <returns>An access token for SMTP.</returns>
    public async Task<string> TokenAsync() => (await lab.GrantAsync(directory)).GetProperty("access_token").GetString()!; // a grant always has it

    /// <summary>One mail from that address of the mailbox to so many people outside.</summary>
    /// <returns>The refusal, or "250".</returns>
    public async Task<string> SendAsync(string token, string from, int recipients)
    {
        using var client = new SmtpClient { ServerCertificateValidationCallback = (_, certificate, _, _) => lab.Fixture.Trusts(certificate as X509Certificate2) };
        await client.ConnectAsync("localhost", lab.Fixture.Endpoints.SmtpPort!.Value, SecureSocketOptions.StartTls, Cancel);
        await client.AuthenticateAsync(new SaslMechanismOAuth2(directory.Support, token), Cancel);
        using var mail = new MimeMessage([MailboxAddress.Parse(from)], [MailboxAddress.Parse(directory.Ann)], "News", new TextPart("plain") { Text = "x" });
        try
        {
            await client.SendAsync(mail, MailboxAddress.Parse(from),
                Enumerable.Range(0, recipients).Select(i => MailboxAddress.Parse($"reader{i}@{directory.CustomerDomain}")), Cancel);
            return "250";
        }
        catch (SmtpCommandException refused)
        {
            return $"{(int)refused.StatusCode} {refused.Message}";
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
