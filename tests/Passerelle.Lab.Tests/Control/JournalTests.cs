using System.Text.Json;
using Passerelle.Lab.Testing;
using Passerelle.Lab.Tests.Exchange;
using Passerelle.Lab.Tests.Graph;

namespace Passerelle.Lab.Tests.Control;

public sealed class JournalTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Shows("12:Emit-trace-id-correlation-id-client-request-id-w")]
    public async Task One_attempt_is_followed_from_the_token_request_to_the_mailbox()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.SetOrganisationSmtpAuthAsync(contoso.DirectoryId, true, Cancel);
        JsonElement grant = await lab.GrantAsync(contoso);
        var token = grant.GetProperty("access_token").GetString()!; // a grant always has it
        await lab.AppTokenAsync(contoso, ("client_secret", "wrong")); // another attempt, with the same correlation id of the test
        await using Dialogue smtp = await Dialogue.OpenAsync(lab.Fixture.Endpoints.SmtpPort!.Value); // the fixture always has it
        await smtp.EncryptAsync();
        Assert.StartsWith("235", await Submission.SignInAsync(smtp, contoso.Support, token), StringComparison.Ordinal);
        await smtp.SayAsync($"MAIL FROM:<{contoso.Support}>");
        await smtp.SayAsync($"RCPT TO:<{contoso.Ann}>");
        await smtp.SayAsync("DATA");
        Assert.StartsWith("250", await smtp.SayAsync(
            $"From: {contoso.Support}\r\nMessage-ID: <followed@contoso.example>\r\nSubject: x\r\n\r\nx\r\n."), StringComparison.Ordinal);

        var uti = LabUnderTest.Read(grant).GetPayloadValue<string>("uti");
        foreach (var id in (string[])[uti, "followed@contoso.example", "0193a000-0000-7000-8000-000000000001"])
        {
            string[] kinds = [.. (await AskAsync(contoso, $"log/follow/{id}")).EnumerateArray().Select(e => e.GetProperty("kind").GetString()!)];
            Assert.Equal(["token", "token", "auth", "submit"], kinds.Where(kind => kind is "token" or "auth" or "submit").ToArray());
            Assert.Contains("deliver", kinds);
        }

        Assert.Empty((await AskAsync(contoso, "log/follow/nothing")).EnumerateArray());
        var whole = (await AskAsync(contoso, "log")).GetRawText();
        foreach (var secret in (string[])[token, token.Split('.')[2], contoso.ClientSecret, Contoso.Password, grant.GetProperty("refresh_token").GetString()!])
            Assert.DoesNotContain(secret, whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_attempt_is_followed_from_the_sign_in_page_over_Graph_to_the_mailbox()
    {
        GraphLab graph = await GraphLab.OfPersonAsync(lab, null, "Mail.Send");
        Contoso contoso = graph.Contoso;
        (await graph.PostAsync("/me/sendMail", SendMailTests.Letter(contoso.Ann, "Followed"))).Is(202);
        var uti = LabUnderTest.Read(JsonSerializer.SerializeToElement(new { access_token = graph.Token })).GetPayloadValue<string>("uti");
        var messageId = (await SendMailTests.ArrivedAsync(graph, contoso.Ann, "Followed")).MessageId;
        foreach (var id in new[] { uti, messageId })
        {
            JsonElement[] followed = [.. (await AskAsync(contoso, $"log/follow/{id}")).EnumerateArray()];
            string[] kinds = [.. followed.Select(e => e.GetProperty("kind").GetString()!)];
            Assert.Equal(["authorize", "token", "graph"], kinds.Where(kind => kind is "authorize" or "token" or "graph").ToArray());
            Assert.Contains("deliver", kinds);
            Assert.Equal((contoso.Support, "code for Passerelle"), (followed[0].GetProperty("who").GetString(), followed[0].GetProperty("answer").GetString()));
        }
    }

    [Fact]
    public async Task A_refused_visit_to_authorize_is_in_the_log()
    {
        Contoso contoso = await lab.NewLabAsync();
        using LabBrowser browser = lab.Fixture.Browser();
        await browser.OpenAsync(lab.Authorize(contoso, ("redirect_uri", "https://elsewhere.example/")), Cancel);
        await browser.SignInAsync(lab.Authorize(contoso), contoso.Support, "wrong", Cancel);
        string[] said = [.. (await AskAsync(contoso, "log?kind=authorize")).EnumerateArray().Select(e => e.GetProperty("answer").GetString()!)];
        Assert.Equal(["AADSTS50011 invalid_request", "AADSTS50126 invalid_grant"], said);
    }

    [Fact]
    public async Task What_was_refused_before_a_directory_was_known_is_in_the_log_of_the_applications_lab()
    {
        Contoso contoso = await lab.NewLabAsync();
        var clientId = contoso.ClientId.ToString();
        using LabBrowser browser = lab.Fixture.Browser();
        await browser.OpenAsync(lab.AuthorizeAt("common", contoso), Cancel);
        await browser.OpenAsync(lab.AuthorizeAt("nobody.example", contoso), Cancel);
        await lab.TokenAtAsync("organizations", null, ("grant_type", "client_credentials"), ("client_id", clientId));
        await lab.TokenAtAsync("nobody.example", null, ("grant_type", "client_credentials"), ("client_id", clientId));
        using var device = new FormUrlEncodedContent(new Dictionary<string, string> { ["client_id"] = clientId, ["scope"] = LabUnderTest.SmtpScope });
        using HttpResponseMessage _ = await lab.Fixture.Http.PostAsync("/organizations/oauth2/v2.0/devicecode", device, Cancel);
        (string, string)[] said = [.. (await AskAsync(contoso, "log?area=oauth")).EnumerateArray()
            .Select(e => (e.GetProperty("who").GetString()!, e.GetProperty("answer").GetString()!))]; // an entry has both
        Assert.Equal(
            [
                (clientId, "AADSTS50194 invalid_request"), (clientId, "AADSTS90002 invalid_request"), (clientId, "client_credentials: AADSTS90019 invalid_request"),
                (clientId, "client_credentials: AADSTS90002 invalid_request"), (clientId, "devicecode: AADSTS50194 invalid_request"),
            ], said);
    }

    [Fact]
    public async Task The_log_is_filtered_and_downloaded_as_lines_of_JSON()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.AppTokenAsync(contoso, ("client_secret", "wrong"));
        JsonElement refused = Assert.Single((await AskAsync(contoso, "log?area=oauth&text=AADSTS7000215")).EnumerateArray());
        Assert.Equal(contoso.ClientId.ToString(), refused.GetProperty("who").GetString());
        Assert.NotEmpty((await AskAsync(contoso, "log?area=control&who=directories")).EnumerateArray());
        Assert.Empty((await AskAsync(contoso, $"log?area=oauth&after={refused.GetProperty("number")}")).EnumerateArray());

        using HttpResponseMessage file = await lab.Fixture.Control.Http.GetAsync($"labs/{contoso.Lab}/log.jsonl", Cancel);
        Assert.Equal($"{contoso.Lab}-log.jsonl", file.Content.Headers.ContentDisposition?.FileName);
        long[] numbers = [.. (await file.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt64())];
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(n => (long)n), numbers);
    }

    [Fact]
    public async Task The_log_is_seen_live()
    {
        Contoso contoso = await lab.NewLabAsync();
        using Stream live = await lab.Fixture.Control.Http.GetStreamAsync($"labs/{contoso.Lab}/log/live?area=oauth", Cancel);
        await lab.AppTokenAsync(contoso);
        using var reader = new StreamReader(live);
        while (await reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line != "event: entry") continue;
            var data = await reader.ReadLineAsync(Cancel);
            JsonElement entry = JsonDocument.Parse(data!["data: ".Length..]).RootElement; // data follows its event
            Assert.Equal("client_credentials: issued", entry.GetProperty("answer").GetString());
            return;
        }

        Assert.Fail("The stream ended");
    }

    private async Task<JsonElement> AskAsync(Contoso contoso, string path) =>
        await lab.Fixture.Control.SendAsync(HttpMethod.Get, $"labs/{contoso.Lab}/{path}", null, Cancel);
}
