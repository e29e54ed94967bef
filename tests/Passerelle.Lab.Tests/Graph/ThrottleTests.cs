using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Passerelle.Lab.Testing;

namespace Passerelle.Lab.Tests.Graph;

/// <summary>Throttling per application and mailbox, and $batch (facts §4.2, §4.3).</summary>
public sealed class ThrottleTests(LabUnderTest lab)
{
    private const string Over = "Application is over its MailboxConcurrency limit.";

    [Fact, Shows("4.2:429")]
    public async Task A_fifth_request_at_once_is_throttled_until_one_of_the_four_ends()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Send");
        var path = $"/users/{graph.Contoso.Support}/sendMail";
        var open = new List<IDisposable>();
        for (var i = 0; i < 4; i++) open.Add(await StallAsync(graph, path));
        Answer refused = await graph.PostAsync(path, SendMailTests.Letter(graph.Contoso.Ann, "Fifth"));
        refused.IsRefused(429, "ApplicationThrottled", Over);
        Assert.True(int.Parse(Assert.Single(refused.Headers.GetValues("Retry-After")), System.Globalization.CultureInfo.InvariantCulture) > 0);
        (await graph.PostAsync($"/users/{graph.Contoso.Sales}/sendMail", SendMailTests.Letter(graph.Contoso.Ann, "Another mailbox"))).Is(202);
        foreach (var connection in open) connection.Dispose();
    }

    [Fact, Shows("4.2:429")]
    public async Task The_requests_of_ten_minutes_are_counted_on_lab_time()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Read");
        await lab.Fixture.Control.SendAsync(HttpMethod.Put, $"directories/{graph.Contoso.DirectoryId}/graph-limits", new { requests = 2 }, GraphLab.Cancel);
        var path = $"/users/{graph.Contoso.Support}/messages";
        (await graph.GetAsync(path)).Is(200);
        (await graph.GetAsync(path)).Is(200);
        (await graph.GetAsync(path)).IsRefused(429, "ApplicationThrottled", Over);
        await lab.Fixture.Control.AdvanceAsync(graph.Contoso.Lab, TimeSpan.FromMinutes(11), GraphLab.Cancel);
        (await graph.GetAsync(path)).Is(200);
    }

    [Fact, Shows("4.2:429")]
    public async Task A_throttled_item_of_a_batch_is_429_inside_an_answer_200()
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "Mail.Read", "User.Read.All");
        await lab.Fixture.Control.SendAsync(HttpMethod.Put, $"directories/{graph.Contoso.DirectoryId}/graph-limits", new { requests = 1 }, GraphLab.Cancel);
        Answer batch = (await graph.PostAsync("/$batch", new
        {
            requests = new object[]
            {
                new { id = "1", method = "GET", url = $"/users/{graph.Contoso.Support}/messages?$top=1" },
                new { id = "2", method = "GET", url = $"/users/{graph.Contoso.Support}/messages" },
                new { id = "3", method = "GET", url = $"/users/{graph.Contoso.Support}", dependsOn = new[] { "2" } },
                new { id = "4", method = "GET", url = $"/users/{graph.Contoso.Support}" },
            },
        })).Is(200);
        JsonElement[] responses = [.. batch.Body.GetProperty("responses").EnumerateArray()];
        Assert.Equal([200, 429, 424, 200], responses.Select(r => r.GetProperty("status").GetInt32()));
        Assert.Equal("ApplicationThrottled", responses[1].GetProperty("body").GetProperty("error").GetProperty("code").GetString());
        Assert.True(responses[1].GetProperty("headers").TryGetProperty("Retry-After", out _));
        Assert.Equal(graph.Contoso.Support, responses[3].GetProperty("body").GetProperty("userPrincipalName").GetString());
    }

    [Theory]
    [InlineData("serviceNotAvailable", 503)]
    [InlineData("gatewayTimeout", 504)]
    [InlineData("insufficientStorage", 507)]
    [InlineData("bandwidthLimitExceeded", 509)]
    [Shows("4.2:503-504-507-509")]
    public async Task The_service_can_be_made_to_fail(string code, int status)
    {
        GraphLab graph = await GraphLab.OfAppAsync(lab, "User.Read.All");
        await new LabFaults(lab.Fixture.Control, graph.Contoso.Lab).ArmAsync(new LabFault("graph") { Code = code }, GraphLab.Cancel);
        Answer refused = (await graph.GetAsync("/users")).Is(status);
        Assert.Equal(code, refused.Body.GetProperty("error").GetProperty("code").GetString());
        (await graph.GetAsync("/users")).Is(200);
    }

    /// <summary>A request whose body does not come: "100 Continue" says that the lab waits for it, so it holds its place.</summary>
    private async Task<IDisposable> StallAsync(GraphLab graph, string path)
    {
        Uri https = lab.Fixture.Endpoints.Https;
        var client = new TcpClient();
        await client.ConnectAsync(https.Host, https.Port, GraphLab.Cancel);
        var stream = new SslStream(client.GetStream(), false, (_, certificate, _, _) =>
            lab.Fixture.Trusts(certificate as System.Security.Cryptography.X509Certificates.X509Certificate2));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = https.Host }, GraphLab.Cancel);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1.0{path} HTTP/1.1\r\nHost: {https.Authority}\r\nAuthorization: Bearer {graph.Token}\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"), GraphLab.Cancel);
        var line = await new StreamReader(stream, Encoding.ASCII, false, 64, leaveOpen: true).ReadLineAsync(GraphLab.Cancel);
        Assert.Equal("HTTP/1.1 100 Continue", line);
        return client;
    }
}
