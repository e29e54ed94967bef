using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Hosting;

namespace Passerelle.Lab.Tests.Exchange;

public class WebmailTests
{
    private const string Ann = "/webmail/demo/ann%40adatum.example";

    [Fact]
    public async Task Everybody_with_mail_is_offered()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);

        var page = await browser.GetStringAsync(new Uri("/webmail", UriKind.Relative), host.Cancel);

        foreach (var address in new[] { ExchangeHost.Customer, ExchangeHost.OtherCustomer, ExchangeHost.Support, ExchangeHost.Sales })
        {
            Assert.Contains(address, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_customer_writes_and_the_mailbox_answers_in_the_same_thread()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);

        await SendAsync(browser, $"{Ann}/write", new() { ["to"] = ExchangeHost.Support, ["subject"] = "Où est-il ?", ["text"] = "Bonjour" });
        var received = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single();
        Assert.Equal("Où est-il ?", received.Subject);
        await SendAsync(browser, $"/webmail/demo/support%40contoso.example/write?answer={received.Id}",
            new() { ["to"] = ExchangeHost.Customer, ["subject"] = "Re: Où est-il ?", ["text"] = "Demain" });

        var answer = host.Mail.List(ExchangeHost.Customer, MailFolder.Inbox).Single();
        Assert.Equal(received.MessageId, answer.InReplyTo);
        Assert.Equal(received.MessageId, Assert.Single(answer.References));
        Assert.Contains($"{Ann}/{answer.Id}", await browser.GetStringAsync(new Uri(Ann, UriKind.Relative), host.Cancel), StringComparison.Ordinal);
        var page = await browser.GetStringAsync(new Uri($"{Ann}/{answer.Id}", UriKind.Relative), host.Cancel);
        Assert.Contains("In-Reply-To", page, StringComparison.Ordinal);
        Assert.Contains("sandbox=\"\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_its_token_sends_nothing()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["to"] = ExchangeHost.Support, ["text"] = "Forged" });

        using var answer = await browser.PostAsync(new Uri($"{Ann}/write", UriKind.Relative), form, host.Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(host.Mail.List(ExchangeHost.Support, MailFolder.Inbox));
    }

    [Fact]
    public async Task An_address_that_cannot_be_read_is_explained_and_nothing_is_lost()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);

        using var answer = await PostAsync(browser, $"{Ann}/write", new() { ["to"] = "no address", ["subject"] = "Kept", ["text"] = "Kept text" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(host.Cancel);
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("Kept text", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_HTML_is_shown_without_teeth_in_a_frame_of_its_own()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);
        var raw = "From: eve@elsewhere.example\r\nSubject: <script>alert(1)</script>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            + "<p style=\"background:url(https://elsewhere.example/t.gif)\">Hi</p><script>alert(1)</script>"
            + "<img src=\"https://elsewhere.example/t.gif\"><form action=\"https://elsewhere.example\"><input></form>";
        var mail = await host.Mail.AddAsync(ExchangeHost.Customer, MailFolder.Inbox, "", Encoding.UTF8.GetBytes(raw), host.Cancel);

        using var frame = await browser.GetAsync(new Uri($"{Ann}/{mail.Id}/text", UriKind.Relative), host.Cancel);
        var text = await frame.Content.ReadAsStringAsync(host.Cancel);
        Assert.Contains("Hi", text, StringComparison.Ordinal);
        Assert.DoesNotContain("script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("elsewhere.example", text, StringComparison.Ordinal);
        Assert.StartsWith("sandbox; default-src 'none';", Policy(frame), StringComparison.Ordinal);
        using var page = await browser.GetAsync(new Uri($"{Ann}/{mail.Id}", UriKind.Relative), host.Cancel);
        var tags = Regex.Matches(await page.Content.ReadAsStringAsync(host.Cancel), "<script[^>]*>", RegexOptions.IgnoreCase);
        Assert.StartsWith("<script src=\"/assets/lab.", Assert.Single(tags).Value, StringComparison.Ordinal); // the lab's own file alone
        Assert.Contains("frame-src 'self'", Policy(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_of_somebody_else_is_not_found()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support));
        var other = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single();

        using var answer = await browser.GetAsync(new Uri($"{Ann}/{other.Id}", UriKind.Relative), host.Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task French_is_spoken()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);

        var page = await browser.GetStringAsync(new Uri($"{Ann}?lang=fr", UriKind.Relative), host.Cancel);

        Assert.Contains("Boîte de réception", page, StringComparison.Ordinal);
        Assert.Contains("Nouveau message", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_automatic_answer_is_switched_on_its_page()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);

        var form = await FormAsync(browser, $"{Ann}/settings");
        form["responder"] = "Naive";
        using var body = new FormUrlEncodedContent(form);
        using var answer = await browser.PostAsync(new Uri($"{Ann}/responder", UriKind.Relative), body, host.Cancel);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(AutoResponder.Naive, host.Exchange.Settings.Current.Responders[ExchangeHost.Customer]);
    }

    [Fact]
    public async Task The_owner_forwards_and_the_list_stands_beside_the_message()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var browser = Browser(host);
        const string support = "/webmail/demo/support%40contoso.example";
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support));
        var mail = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single();
        var page = await browser.GetStringAsync(new Uri($"{support}/{mail.Id}", UriKind.Relative), host.Cancel);
        Assert.Contains($"href=\"{support}/{mail.Id}\" aria-current=\"true\"", page, StringComparison.Ordinal);

        using var refused = await ForwardAsync("no address");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var taken = await ForwardAsync(ExchangeHost.Customer);
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        var settings = await browser.GetStringAsync(new Uri($"{support}/settings", UriKind.Relative), host.Cancel);
        Assert.Contains($"value=\"{ExchangeHost.Customer}\"", settings, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"forwarding\"", await browser.GetStringAsync(new Uri($"{Ann}/settings", UriKind.Relative), host.Cancel), StringComparison.Ordinal);

        async Task<HttpResponseMessage> ForwardAsync(string address)
        {
            var form = await FormAsync(browser, $"{support}/settings");
            (form["forward"], form["address"], form["keep"]) = ("on", address, "on");
            using var body = new FormUrlEncodedContent(form);
            return await browser.PostAsync(new Uri($"{support}/forwarding", UriKind.Relative), body, host.Cancel);
        }
    }

    private static HttpClient Browser(ExchangeHost host) => new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = new Uri($"http://localhost:{host.Port(LabListeners.Http)}"),
    };

    private static string Policy(HttpResponseMessage answer) => answer.Headers.GetValues("Content-Security-Policy").Single();

    private static async Task SendAsync(HttpClient browser, string address, Dictionary<string, string> fields)
    {
        using var answer = await PostAsync(browser, address, fields);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    /// <summary>Opens the form, as a person must, and sends it with the fields filled in.</summary>
    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string address, Dictionary<string, string> fields)
    {
        var form = await FormAsync(browser, address);
        foreach (var (name, value) in fields) form[name] = value;
        using var body = new FormUrlEncodedContent(form);
        return await browser.PostAsync(new Uri(address.Split('?')[0], UriKind.Relative), body, TestContext.Current.CancellationToken);
    }

    private static async Task<Dictionary<string, string>> FormAsync(HttpClient browser, string address)
    {
        var page = await browser.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        return Regex.Matches(page, "<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")
            .DistinctBy(match => match.Groups[1].Value) // one token for every form of a page
            .ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
    }
}
