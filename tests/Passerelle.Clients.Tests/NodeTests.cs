using System.Text.Json;
using Passerelle.Lab.Testing;
using static Passerelle.Clients.Tests.ClientsLab;

namespace Passerelle.Clients.Tests;

/// <summary>@azure/msal-node, @azure/identity and nodemailer.</summary>
public sealed class NodeTests(ClientsLab lab)
{
    [Theory]
    [InlineData("msal-secret.mjs")]
    [InlineData("identity-secret.mjs")]
    [Shows("1.5:client-credentials", "1.1:discovery-document", "1.1:token")]
    public async Task A_secret_gets_an_app_token(string script)
    {
        await using Script node = Script.Node(lab, await lab.NewLabAsync(), script);
        JsonElement said = await node.ReadAsync();
        Assert.Equal(3, said.GetProperty("token").GetString()?.Split('.').Length);
    }

    [Theory]
    [InlineData("msal-secret.mjs")]
    [InlineData("identity-secret.mjs")]
    [Shows("2.3:7000215")]
    public async Task A_wrong_secret_is_7000215(string script)
    {
        await using Script node = Script.Node(lab, await lab.NewLabAsync(), script, ("LAB_CLIENT_SECRET", "wrong"));
        Assert.Contains("7000215", (await node.ReadAsync()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("1.5:authorization-code", "1.5:refresh-token", "1.4:code-challenge-code-challenge-method", "1.4:nonce", "1.4:state")]
    public async Task A_code_with_PKCE_gives_an_account_that_is_refreshed_silently()
    {
        Contoso contoso = await lab.NewLabAsync();
        await using Script node = Script.Node(lab, contoso, "msal-code.mjs");
        JsonElement asked = await node.ReadAsync();
        await node.TellAsync(await lab.CodeAsync(contoso, new Uri(asked.GetProperty("authorize").GetString() ?? "")));
        JsonElement said = await node.ReadAsync();
        Assert.Equal(contoso.Support, said.GetProperty("username").GetString());
        Assert.Equal(contoso.DirectoryId.ToString(), said.GetProperty("tenant").GetString());
        Assert.NotEqual(said.GetProperty("first").GetString(), said.GetProperty("renewed").GetString());

        await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromMinutes(1), Cancel);
        await lab.Control.RevokeSessionsAsync(contoso.DirectoryId, contoso.Support, Cancel);
        await node.TellAsync("again");
        JsonElement refused = await node.ReadAsync();
        Assert.Equal("InteractionRequiredAuthError", refused.GetProperty("name").GetString());
        Assert.Contains("AADSTS50173", refused.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Shows("3.4:SMTP-AUTH-XOAUTH2")]
    public async Task Nodemailer_sends_with_a_token()
    {
        Contoso contoso = await lab.NewLabAsync();
        await using Script node = Script.Node(lab, contoso, "nodemailer-token.mjs", ("LAB_TOKEN", await lab.MailTokenAsync(contoso)));
        Assert.StartsWith("250 2.0.0 OK <", (await node.ReadAsync()).GetProperty("response").GetString(), StringComparison.Ordinal);
        Assert.NotNull(await lab.Mail(contoso).WaitAsync(contoso.Ann, TimeSpan.FromSeconds(20), Cancel, subject: "From nodemailer"));
    }

    [Fact]
    [Shows("1.5:refresh-token", "3.4:SMTP-AUTH-XOAUTH2")]
    public async Task Nodemailer_renews_its_token_by_itself_and_sends()
    {
        Contoso contoso = await lab.NewLabAsync();
        await using Script node = Script.Node(lab, contoso, "nodemailer-refresh.mjs");
        JsonElement asked = await node.ReadAsync();
        await node.TellAsync(await lab.CodeAsync(contoso, new Uri(asked.GetProperty("authorize").GetString() ?? "")));
        JsonElement said = await node.ReadAsync();
        Assert.StartsWith("250 2.0.0 OK <", said.GetProperty("response").GetString(), StringComparison.Ordinal);
        Assert.True(said.GetProperty("renewed").GetBoolean());
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("audience")]
    [Shows("12:SMTP-AUTH-checks-in-this-order")]
    public async Task Nodemailer_calls_a_token_that_is_not_good_enough_EAUTH_535(string wrong)
    {
        Contoso contoso = await lab.NewLabAsync();
        var token = await lab.MailTokenAsync(contoso, wrong == "audience" ? ["https://graph.microsoft.com/User.Read"] : SmtpScopes);
        if (wrong == "expired") await lab.Control.AdvanceAsync(contoso.Lab, TimeSpan.FromHours(2), Cancel);
        await using Script node = Script.Node(lab, contoso, "nodemailer-token.mjs", ("LAB_TOKEN", token));
        JsonElement said = await node.ReadAsync();
        Assert.Equal(("EAUTH", 535), (said.GetProperty("code").GetString(), said.GetProperty("responseCode").GetInt32()));
        Assert.StartsWith("535 5.7.3 Authentication unsuccessful [", said.GetProperty("response").GetString(), StringComparison.Ordinal);
    }
}
