using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>swaks, which has no XOAUTH2: LOGIN over STARTTLS, as long as basic authentication is allowed.</summary>
public sealed class SwaksTests(ClientsLab lab)
{
    [Fact]
    public async Task A_letter_goes_out_with_a_password_and_arrives()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Control.SetBasicAuthAsync(contoso.DirectoryId, contoso.Support, true, Cancel);
        (var code, var output) = await SendAsync(contoso, Contoso.Password);
        Assert.True(code == 0, output);
        Assert.Contains("235 2.7.0 Authentication successful", output, StringComparison.Ordinal);
        Assert.NotNull(await lab.Mail(contoso).WaitAsync(contoso.Ann, TimeSpan.FromSeconds(20), Cancel, subject: "From swaks"));
    }

    [Fact]
    public async Task A_password_is_535_5_7_139_while_basic_authentication_is_off()
    {
        (var code, var output) = await SendAsync(await lab.NewLabAsync(), Contoso.Password);
        Assert.Equal(28, code); // swaks: no authentication type was accepted
        Assert.Contains("535 5.7.139 Authentication unsuccessful, ", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> SendAsync(Contoso contoso, string password)
    {
        await using Script swaks = Script.Start("swaks",
        [
            "--server", "localhost", "--port", $"{lab.SmtpPort}", "--tls", "--tls-verify", "--tls-ca-path", lab.Fixture.Endpoints.CaCertificate,
            "--auth", "LOGIN", "--auth-user", contoso.Support, "--auth-password", password, "--from", contoso.Support,
            "--to", contoso.Ann, "--header", "Subject: From swaks", "--body", "Hello", "--timeout", "30",
        ], lab, contoso);
        return await swaks.EndAsync();
    }
}
