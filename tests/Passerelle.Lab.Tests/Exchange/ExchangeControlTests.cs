using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Lab.Control;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Tests.Exchange;

public class ExchangeControlTests
{
    private const string Base = "/control/labs/demo/exchange/";

    [Fact]
    public async Task A_customer_is_made_to_write_and_the_mailbox_is_read()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var control = Control(host);

        var waiting = control.GetFromJsonAsync<JsonElement>(At("mail/wait?mailbox=support@contoso.example&subject=order&folder=inbox"), host.Cancel);
        using var sent = await control.PostAsJsonAsync(At("people/ann@adatum.example/send"),
            new { to = new[] { ExchangeHost.Support }, subject = "My order", text = "Where?" }, host.Cancel);
        var id = (await sent.Content.ReadFromJsonAsync<JsonElement>(host.Cancel)).GetProperty("messageId").GetString();

        var arrived = await waiting;
        Assert.Equal(id, arrived.GetProperty("messageId").GetString());
        Assert.Equal("inbox", arrived.GetProperty("folder").GetString());
        var raw = await control.GetStringAsync(At($"mail/{arrived.GetProperty("id").GetGuid()}/raw"), host.Cancel);
        Assert.Contains("Where?", raw, StringComparison.Ordinal);
        var listed = await control.GetFromJsonAsync<JsonElement>(At("people/ann@adatum.example/mail?folder=sent-items"), host.Cancel);
        Assert.Equal(id, listed[0].GetProperty("messageId").GetString());
        var log = await control.GetFromJsonAsync<JsonElement>(At($"log?kind=deliver&messageId={id}"), host.Cancel);
        Assert.Equal(ExchangeHost.Support, log[0].GetProperty("who").GetString());
    }

    [Fact]
    public async Task Waiting_ends_when_patience_does()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var control = Control(host);

        using var answer = await control.GetAsync(At("mail/wait?subject=never&seconds=1"), host.Cancel);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1:2525", HttpStatusCode.NoContent)]
    [InlineData("192.0.2.7:25", HttpStatusCode.BadRequest)]
    [InlineData("mail.fabrikam.example:25", HttpStatusCode.BadRequest)]
    [InlineData(null, HttpStatusCode.BadRequest)]
    public async Task A_route_leads_to_loopback_or_nowhere(string? target, HttpStatusCode status)
    {
        await using var host = await ExchangeHost.StartAsync();
        using var control = Control(host);

        using var answer = await control.PutAsJsonAsync(At("routes/in.fabrikam.example"), new { target }, host.Cancel);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.NoContent ? 1 : 0, host.Exchange.Settings.Current.Routes.Count);
    }

    [Fact]
    public async Task A_responder_is_set_by_its_name()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var control = Control(host);

        using var set = await control.PutAsJsonAsync(At("people/ann@adatum.example/responder"), new { responder = "out-of-office" }, host.Cancel);
        using var wrong = await control.PutAsJsonAsync(At("people/ann@adatum.example/responder"), new { responder = "loud" }, host.Cancel);
        using var nobody = await control.PutAsJsonAsync(At("people/x@adatum.example/responder"), new { responder = "off" }, host.Cancel);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.BadRequest, HttpStatusCode.NotFound),
            (set.StatusCode, wrong.StatusCode, nobody.StatusCode));
        Assert.Equal(AutoResponder.OutOfOffice, host.Exchange.Settings.Current.Responders[ExchangeHost.Customer]);
    }

    [Fact]
    public async Task Without_the_bearer_or_for_another_lab_there_is_nothing()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var control = Control(host);
        using var unknown = await control.GetAsync(new Uri("/control/labs/other/exchange/people", UriKind.Relative), host.Cancel);
        control.DefaultRequestHeaders.Authorization = null;
        using var stranger = await control.GetAsync(At("people"), host.Cancel);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (unknown.StatusCode, stranger.StatusCode));
    }

    private static Uri At(string path) => new(Base + path, UriKind.Relative);

    private static HttpClient Control(ExchangeHost host)
    {
        var root = host.Services.GetRequiredService<CertificateAuthority>().Root;
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == root.Subject; // https has one
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://localhost:{host.Port(LabListeners.Https)}"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", host.Services.GetRequiredService<ControlToken>().Value) },
        };
    }
}
