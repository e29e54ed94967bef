using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Lab.Testing;

namespace Passerelle.Portal.Tests.Sites;

/// <summary>A directory as Microsoft makes it today, where nobody did a step of the guide yet, and a host outside that stands
/// for the gateway's: what is forwarded there can be read.</summary>
internal sealed class FreshDirectory(LabFixture lab, string name)
{
    public const string Callback = "https://yourwebexconnectname.us.webexconnect.io/callback";
    private const string Scope = "offline_access https://outlook.office.com/SMTP.Send";

    public string Domain => $"contoso-{name}.example";
    public string Support => $"support@{Domain}";
    public string Customer => $"ann@fabrikam-{name}.example";
    public string ForwardingAddress => $"a41a0ba3566ed2091155f13e48e6d4f8@mail-{name}.example";
    public LabMail Mail => new(lab.Control, name);
    public Guid Id { get; private set; }

    public async Task MakeAsync(CancellationToken cancel)
    {
        await lab.Control.OpenLabAsync(name, cancel);
        Id = await lab.Control.AddDirectoryAsync(name, "Contoso", [Domain], cancel);
        await lab.Control.AddUserAsync(Id, Support, "Contoso Support", Contoso.Password, false, cancel);
        await lab.Control.AddOutsideDomainAsync(name, $"fabrikam-{name}.example", [(Customer, "Ann Fabrikam", Contoso.Password)], cancel);
        await lab.Control.AddOutsideDomainAsync(name, $"mail-{name}.example", [(ForwardingAddress, "Gateway", Contoso.Password)], cancel);
    }

    public string Authorize(string client) =>
        $"{new Uri(lab.Endpoints.Http, $"{Id}/oauth2/v2.0/authorize")}?client_id={client}&response_type=code&redirect_uri={Uri.EscapeDataString(Callback)}"
        + $"&scope={Uri.EscapeDataString(Scope)}&state=walked&login_hint={Support}";

    /// <returns>The access token for SMTP.</returns>
    public async Task<string> RedeemAsync(string client, string secret, string code, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = client,
            ["client_secret"] = secret,
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Callback,
        });
        using var answer = await lab.Http.PostAsync(lab.Endpoints.TokenEndpoint(Id), form, cancel);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        Assert.True(answer.IsSuccessStatusCode, token.ToString());
        Assert.True(token.TryGetProperty("refresh_token", out _));
        return token.GetProperty("access_token").GetString()!; // a good answer has one
    }

    public async Task SubmitAsync(string token, string subject, CancellationToken cancel)
    {
        using var mail = new MimeMessage([MailboxAddress.Parse(Support)], [MailboxAddress.Parse(Customer)], subject, new TextPart("plain") { Text = "It works." });
        using var client = new SmtpClient { ServerCertificateValidationCallback = (_, certificate, _, _) => lab.Trusts(certificate as X509Certificate2) };
        await client.ConnectAsync("localhost", lab.Endpoints.SmtpPort!.Value, SecureSocketOptions.StartTls, cancel); // this lab has an Exchange half
        await client.AuthenticateAsync(new SaslMechanismOAuth2(Support, token), cancel);
        await client.SendAsync(mail, cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }
}
