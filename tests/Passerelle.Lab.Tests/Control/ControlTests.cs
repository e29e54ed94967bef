using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Control;

public sealed class ControlTests(LabUnderTest lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Without_the_bearer_nothing_is_told(string? bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(lab.Fixture.Endpoints.Control, "labs"));
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using HttpResponseMessage answer = await lab.Fixture.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.1")]
    public async Task A_foreign_host_name_is_refused_bearer_or_not(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(lab.Fixture.Endpoints.Control, "labs"));
        request.Headers.Host = host;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", lab.Fixture.Endpoints.ControlBearer);
        using var handler = new SocketsHttpHandler // the name is wrong on purpose, so only the issuer is checked
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => lab.Fixture.Trusts(certificate as X509Certificate2) },
        };
        using var client = new HttpClient(handler);
        using HttpResponseMessage answer = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task On_plain_http_there_are_pages_and_nothing_else()
    {
        Contoso contoso = await lab.NewLabAsync();
        using HttpClient plain = new() { BaseAddress = lab.Fixture.Endpoints.Http };
        plain.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", lab.Fixture.Endpoints.ControlBearer);
        foreach (var closed in (string[])["control/labs", $"{contoso.DirectoryId}/oauth2/v2.0/token", $"{contoso.DirectoryId}/discovery/v2.0/keys"])
        {
            using HttpResponseMessage answer = await plain.GetAsync(closed, Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using HttpResponseMessage page = await plain.GetAsync(lab.Authorize(contoso).PathAndQuery, Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_domain_belongs_to_one_lab()
    {
        Contoso contoso = await lab.NewLabAsync();
        await lab.Fixture.Control.OpenLabAsync("thief", Cancel);
        Assert.Equal(409, (await Assert.ThrowsAsync<LabRefusedException>(
            () => lab.Fixture.Control.AddDirectoryAsync("thief", "Thief", [contoso.Domain.ToUpperInvariant()], Cancel))).Status);
        Assert.Equal(409, (await Assert.ThrowsAsync<LabRefusedException>(
            () => lab.Fixture.Control.AddOutsideDomainAsync("thief", contoso.CustomerDomain, [], Cancel))).Status);
    }

    [Fact]
    public async Task Two_labs_do_not_see_each_other()
    {
        Contoso one = await lab.NewLabAsync();
        Contoso two = await lab.NewLabAsync();
        (await lab.AppTokenAsync(one with { ClientId = two.ClientId, ClientSecret = two.ClientSecret })).IsRefused(400, 700016, "unauthorized_client");
        var code = (await lab.SignInAsync(one)).Field("code")!; // a failed sign-in fails below
        (await lab.RedeemAsync(two, code)).IsRefused(400, 7000220, "invalid_grant");
        await lab.Fixture.Control.AdvanceAsync(one.Lab, TimeSpan.FromDays(400), Cancel);
        Assert.Equal(200, (await lab.AppTokenAsync(two)).Status);
    }

    [Theory]
    [InlineData("POST", "labs/demo/clock", "{\"seconds\":-5}", 404)]
    [InlineData("POST", "labs/{lab}/clock", "{\"seconds\":-5}", 400)]
    [InlineData("POST", "labs/{lab}/clock", "{}", 400)]
    [InlineData("POST", "labs/{lab}/clock", "not json", 400)]
    [InlineData("POST", "labs/{lab}/directories", "{\"displayName\":\"X\",\"domains\":[]}", 400)]
    [InlineData("POST", "labs/{lab}/directories", "{\"displayName\":\"X\",\"domains\":[\"not a domain\"]}", 400)]
    [InlineData("POST", "directories/{directory}/users", "{\"address\":\"a@elsewhere.example\",\"displayName\":\"A\",\"password\":\"p\"}", 400)]
    [InlineData("POST", "directories/{directory}/users", "{\"address\":\"support@{domain}\",\"displayName\":\"A\",\"password\":\"p\"}", 409)]
    [InlineData("POST", "directories/{directory}/users", "{\"address\":\"b@{domain}\",\"displayName\":\"A\",\"password\":\"p\",\"admn\":true}", 400)]
    [InlineData("PUT", "directories/{directory}/users/support@{domain}/mailbox/forwarding", "{\"address\":\"nobody\"}", 400)]
    [InlineData("PUT", "directories/{directory}/users/nobody@{domain}/mailbox/forwarding", "{\"address\":null}", 404)]
    [InlineData("PUT", "directories/nobody.example/user-consent", "{\"setting\":\"never\"}", 404)]
    [InlineData("PUT", "directories/{directory}/user-consent", "{\"setting\":\"perhaps\"}", 400)]
    [InlineData("POST", "directories/{directory}/apps", "{\"displayName\":\"\"}", 400)]
    [InlineData("POST", "directories/{directory}/apps", "{\"displayName\":\"A\",\"redirectUris\":[{\"platform\":\"web\",\"uri\":\"http://gateway.example/cb\"}]}", 400)]
    [InlineData("POST", "directories/{directory}/apps", "{\"displayName\":\"A\",\"redirectUris\":[{\"platform\":\"web\",\"uri\":\"https://gateway.example/cb#x\"}]}", 400)]
    [InlineData("PUT", "directories/{directory}/apps/{app}/permissions", "{\"permissions\":[{\"resource\":\"00000002-0000-0ff1-ce00-000000000000\",\"name\":\"SMTP.Send\",\"kind\":\"application\"}]}", 400)]
    [InlineData("POST", "directories/{directory}/apps/{app}/secrets", "{\"description\":\"x\",\"expiresAt\":\"2001-01-01T00:00:00Z\"}", 400)]
    [InlineData("DELETE", "directories/{directory}/apps/{app}/secrets/0193a000-0000-7000-8000-0000000000aa", "{}", 404)]
    public async Task A_wrong_order_is_refused_with_a_reason(string verb, string path, string body, int status)
    {
        Contoso contoso = await lab.NewLabAsync();
        string Fill(string text) => text.Replace("{lab}", contoso.Lab, StringComparison.Ordinal).Replace("{domain}", contoso.Domain, StringComparison.Ordinal)
            .Replace("{directory}", contoso.DirectoryId.ToString(), StringComparison.Ordinal).Replace("{app}", contoso.ClientId.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(verb), Fill(path))
        {
            Content = new StringContent(Fill(body), new MediaTypeHeaderValue("application/json")),
        };
        using HttpResponseMessage answer = await lab.Fixture.Control.Http.SendAsync(request, Cancel);
        Assert.Equal(status, (int)answer.StatusCode);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_secrets_value_is_nowhere_in_the_export()
    {
        Contoso contoso = await lab.NewLabAsync();
        var export = (await lab.Fixture.Control.ExportAsync(contoso.Lab, Cancel)).GetRawText();
        Assert.Contains(contoso.SecretId.ToString(), export, StringComparison.Ordinal);
        Assert.DoesNotContain(contoso.ClientSecret, export, StringComparison.Ordinal);
    }
}
