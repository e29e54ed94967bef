using System.Text.Json;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>Python's standard library, without a package.</summary>
public sealed class PythonTests(ClientsLab lab)
{
    [Fact]
    [Shows("3.4:SMTP-AUTH-XOAUTH2")]
    public async Task Smtplib_sends_with_XOAUTH2()
    {
        Contoso contoso = await lab.NewLabAsync();
        await using Script python = Script.Python(lab, contoso, "smtp.py", ("LAB_TOKEN", await lab.MailTokenAsync(contoso)));
        JsonElement said = await python.ReadAsync();
        Assert.Equal("235 2.7.0 Authentication successful", said.GetProperty("auth").GetString());
        Assert.Equal("{}", said.GetProperty("refused").ToString());
        Assert.NotNull(await lab.Mail(contoso).WaitAsync(contoso.Ann, TimeSpan.FromSeconds(20), Cancel, subject: "From smtplib"));
    }

    [Fact]
    [Shows("12:SMTP-AUTH-checks-in-this-order")]
    public async Task Smtplib_hears_535_5_7_3_for_an_expired_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        var token = await lab.MailTokenAsync(contoso);
        await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(2), Cancel);
        await using Script python = Script.Python(lab, contoso, "smtp.py", ("LAB_TOKEN", token));
        JsonElement said = await python.ReadAsync();
        Assert.Equal(("SMTPAuthenticationError", 535), (said.GetProperty("name").GetString(), said.GetProperty("code").GetInt32()));
        Assert.StartsWith("5.7.3 Authentication unsuccessful [", said.GetProperty("text").GetString(), StringComparison.Ordinal);
    }
}
