using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>Finding a mail and looking at it, also at one that would like to look back.</summary>
public sealed class MailPages(BrowserFixture browser)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Varied mails of the corpora: every page of theirs is readable in each scheme and width, and loads nothing from elsewhere.</summary>
    private static readonly string[] Looked =
    [
        "mime-thunderbird/mailnews-test/10-plaintext+_HTML+embedded-image_+attachment.eml", "mime-thunderbird/mailnews-test/15-HTML+embedded-image.eml",
        "mime-thunderbird/mail-attachment/multiple_attachments.eml", "inbound-chatwoot/welcome_html.eml", "inbound-chatwoot/email_with_inline_pdf.eml",
        "inbound-chatwoot/html_and_attachments.eml", "inbound-chatwoot/in_reply_to.eml", "ical-invitations-thunderbird/invite.eml",
        "bounce-sisimai/lhost-gmail/lhost-gmail-15.eml", "bounce-sisimai/lhost-postfix/lhost-postfix-28.eml", "mime-mimekit/messages/simple-embedded-message.eml",
        "mime-mimekit/messages/bounce.txt", "mime-stalwart/malformed/014.eml", "mime-stalwart/thirdparty/004.eml", "tnef-mimekit/ukr.eml",
        "mime-ruby-mail/multi_charset/japanese_shift_jis.eml", "mime-ruby-mail/multipart_report_emails/report_422.eml", "mime-php-parser/issue182.eml",
        "mime-php-parser/m0012.eml", "mime-enmime/mail/mime-signed.eml",
    ];

    /// <summary>Says so wherever it gets to: in its own document, in the page around it, at a server outside.</summary>
    private static string Hostile(string outside) => $$"""
        <base href="{{outside}}/base/"><meta http-equiv="refresh" content="0;url={{outside}}/refresh"><link rel="stylesheet" href="{{outside}}/style.css">
        <style>@import "{{outside}}/import.css"; body { background: url({{outside}}/background.png) }</style>
        <script>document.documentElement.dataset.canary = 'ran'; try { parent.document.documentElement.dataset.canary = 'ran' } catch { } new Image().src = '{{outside}}/script'</script>
        <p>Hello</p><img src="{{outside}}/pixel.png"><img src="data:image/png;base64,AAAA" onerror="document.documentElement.dataset.canary = 'ran'">
        <svg onload="document.documentElement.dataset.canary = 'ran'"></svg><iframe src="{{outside}}/frame"></iframe><object data="{{outside}}/object"></object>
        <video src="{{outside}}/video" autoplay></video><form action="{{outside}}/form"><button id="send">send</button></form><a id="js" href="javascript:document.documentElement.dataset.canary='ran'">js</a>
        <p id="end">End</p>
        """;

    [Fact]
    public async Task A_script_in_a_mail_never_runs_and_nothing_is_loaded_from_outside()
    {
        using var ear = new Ear();
        var hostile = Hostile(ear.Url);
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        var app = await AppAsync(gateway);
        var mail = $"From: eve@fabrikam.example\r\nTo: support@contoso.example\r\nSubject: Hostile\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{hostile}\r\n"
            + $"--b\r\nContent-Type: text/html; name=page.html\r\nContent-Disposition: attachment; filename=page.html\r\n\r\n{hostile}\r\n"
            + "--b\r\nContent-Type: image/svg+xml; name=p.svg\r\nContent-Disposition: attachment; filename=p.svg\r\n\r\n<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.documentElement.setAttribute('data-canary','ran')\"/>\r\n--b--\r\n";
        var id = (await ArrivedMail.ReadAsync(gateway, app, [Encoding.UTF8.GetBytes(mail)], Cancel))[0];

        // Cleaned, as every mail is.
        await ShownAsync(visitor, id);
        await Expect(visitor.Page.Locator("iframe.preview").First).ToHaveCSSAsync("color-scheme", "light"); // a text has no colours: dark on white, whatever the page is
        // The second wall alone: HTML that nobody cleaned.
        await gateway.Services.GetRequiredService<IStore>().WriteAsync(
            Lane.Work, tx => tx.For(app.OrganisationId).Execute("UPDATE message SET html = @hostile WHERE organisation_id = @organisation AND id = @id", new { hostile, id }), Cancel);
        await ShownAsync(visitor, id);
        var frame = visitor.Page.FrameLocator("#body iframe");
        await frame.Locator("#js").ClickAsync();
        await frame.Locator("#send").ClickAsync();
        await NothingRanAsync(visitor.Page);
        // What was attached is shown as text, also in a tab of its own.
        foreach (var number in new[] { 0, 1 })
        {
            var preview = await visitor.Page.GotoAsync($"/messages/{id}/attachments/{number}/preview");
            Assert.Equal("text/plain; charset=utf-8", preview!.Headers["content-type"]); // it was answered
            Assert.Contains("sandbox", preview.Headers["content-security-policy"], StringComparison.Ordinal);
            Assert.Equal("nosniff", preview.Headers["x-content-type-options"]);
            await Expect(visitor.Page.Locator("html[data-canary]")).ToHaveCountAsync(0);
        }
        Assert.Empty(ear.Heard);

        // The canary sings where nothing holds it.
        ear.Page = hostile.Replace("http-equiv=\"refresh\"", "", StringComparison.Ordinal);
        await visitor.Page.GotoAsync($"{ear.Url}{Ear.PagePath}", new() { WaitUntil = WaitUntilState.Commit });
        await Expect(visitor.Page.Locator("html[data-canary]")).ToHaveCountAsync(1);
        Assert.True(await ear.HearsAsync(Cancel));
    }

    [Fact]
    public async Task A_mail_is_found_read_and_put_in_its_place_with_the_keyboard()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        var app = await AppAsync(gateway);
        var ids = await ArrivedMail.ReadAsync(gateway, app, new[] { First, Answer, Strange }.Select(text => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))), Cancel);
        var page = visitor.Page;

        await visitor.OpenAsync("/messages");
        await page.Locator("#q").FocusAsync();
        await page.Keyboard.TypeAsync("from:ann \"blue lamp\"");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/messages?q=*");
        await visitor.ReadyAsync();
        await Expect(page.Locator("#found > li")).ToHaveCountAsync(2);
        await visitor.OpenAsync("/messages?q=%22%29%20AND%20NEAR%28%22");
        await Expect(page.Locator(".empty")).ToContainTextAsync("Nothing was found");
        await visitor.OpenAsync("/messages?q=%21%3F");
        await Expect(page.Locator(".empty")).ToContainTextAsync("no word");

        await visitor.OpenAsync($"/messages/{ids[1]}");
        await Expect(page.Locator("#body > .letter")).ToHaveTextAsync("Thank you, the tall one please.");
        await Expect(page.Locator("#body details.folded")).ToHaveCountAsync(1);
        await Expect(page.Locator("#body details.folded .letter")).ToBeHiddenAsync();
        await page.Locator("#body details.folded summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#body details.folded .letter")).ToContainTextAsync("Which one");
        await page.Locator("#view-html").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var frame = page.FrameLocator("#body iframe");
        await Expect(frame.Locator("img[alt=dot]")).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^data:image/gif"));
        await Expect(frame.Locator(".passerelle-leads-to")).ToContainTextAsync("evil.example");
        await Expect(page.Locator("#remote-images")).ToContainTextAsync("One picture");
        await Expect(page.Locator("#links .badge.bad")).ToHaveCountAsync(1);
        await Expect(page.Locator("#reply-recipients")).ToContainTextAsync("ann@fabrikam.example");
        await page.Locator("#reply-all").CheckAsync();
        await Expect(page.Locator("#reply-recipients")).ToContainTextAsync("dora@adatum.example");

        await Expect(page.Locator("#conversation h2")).ToContainTextAsync("2 messages");
        await page.Locator("#rearrange summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#thread-split").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#conversation .notice.good")).ToBeVisibleAsync();
        await Expect(page.Locator("#conversation h2")).ToContainTextAsync("one message");
        await page.Locator("#thread-into").SelectOptionAsync(ids[0].ToString());
        await page.Locator("#thread-merge").ClickAsync();
        await Expect(page.Locator("#conversation h2")).ToContainTextAsync("2 messages");
        await page.Locator("#thread-undo").ClickAsync();
        await Expect(page.Locator("#conversation h2")).ToContainTextAsync("one message");

        await visitor.OpenAsync($"/messages/{ids[1]}/anatomy");
        await Expect(page.Locator("#parts")).ToContainTextAsync("multipart/alternative");
        await Expect(page.Locator("#headers")).ToContainTextAsync("The mail’s own name");
        await visitor.OpenAsync($"/messages/{ids[2]}");
        await Expect(page.Locator("#too-strange")).ToContainTextAsync("too strange to read");
        await Expect(page.Locator("#body")).ToHaveCountAsync(0);
        Assert.Empty(visitor.Trouble);
    }

    [Fact]
    public async Task Pictures_from_elsewhere_are_fetched_by_us_when_the_reader_says_so_and_for_that_view_only()
    {
        using var ear = new Ear { Picture = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7") };
        await using var gateway = await RunningGateway.StartAsync($"--Outbound:Allow:0={new Uri(ear.Url).Authority}");
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        var mail = $"From: eve@fabrikam.example\r\nTo: support@contoso.example\r\nSubject: Pictures\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            + $"{Hostile(ear.Url)}<img alt=\"shop\" src=\"{ear.Url}{Ear.PicturePath}\">\r\n";
        var id = (await ArrivedMail.ReadAsync(gateway, await AppAsync(gateway), [Encoding.UTF8.GetBytes(mail)], Cancel))[0];
        var (page, frame) = (visitor.Page, visitor.Page.FrameLocator("#body iframe"));

        await ShownAsync(visitor, id);
        await Expect(frame.Locator("img[alt=shop]")).Not.ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("."));
        Assert.Equal(0, ear.Pictures);
        // Somebody else's page, or an address that was typed, chooses nothing for the reader.
        Assert.DoesNotContain("data:image/gif", await (await page.APIRequest.GetAsync($"{gateway.Url}/messages/{id}/html?pictures=true")).TextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, ear.Pictures);

        await page.Locator("#load-pictures").ClickAsync();
        await Expect(page.Locator("#pictures-loaded")).ToBeVisibleAsync();
        await Expect(frame.Locator("img[alt=shop]")).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^data:image/gif;base64,"));
        Assert.Equal(1, await frame.Locator("img[alt=shop]").EvaluateAsync<int>("picture => picture.naturalWidth"));
        await NothingRanAsync(page);
        Assert.Equal(1, ear.Pictures);
        Assert.Equal(["GET /pixel.png HTTP/1.1"], ear.Heard.Distinct()); // by us, who ask again when nobody answers; nothing else of what the mail names
        var answer = await page.APIRequest.GetAsync($"{gateway.Url}/messages/{id}/html?pictures=true", new() { Headers = new Dictionary<string, string> { ["Sec-Fetch-Site"] = "same-origin" } });
        Assert.Equal(Passerelle.Gateway.Portal.MailFrame.Policy, answer.Headers["content-security-policy"]);

        await ShownAsync(visitor, id); // opened again: nothing is remembered
        await Expect(page.Locator("#load-pictures")).ToBeVisibleAsync();
        Assert.DoesNotContain(visitor.Trouble, trouble => trouble.StartsWith("left the origin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mail_in_quarantine_is_shown_and_given_out_by_a_deliberate_act_only()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        var app = await AppAsync(gateway);
        var id = (await ArrivedMail.ReadAsync(gateway, app, [Encoding.UTF8.GetBytes(Answer.ReplaceLineEndings("\r\n"))], Cancel))[0];
        await StoredMail.QuarantineAsync(gateway, app, id, Cancel);
        var page = visitor.Page;

        await visitor.OpenAsync("/");
        await Expect(page.Locator("#quarantined")).ToContainTextAsync("Malware was found in a mail");
        await visitor.OpenAsync("/messages");
        await Expect(page.Locator("#found")).ToHaveCountAsync(0);
        await visitor.OpenAsync("/messages?quarantined=true");
        await Expect(page.Locator("#found")).ToContainTextAsync("ClamAV found Test.Signature");
        await visitor.FollowAsync("#found a");
        await Expect(page.Locator("#signature")).ToHaveTextAsync("ClamAV found Test.Signature");
        await Expect(page.Locator("#attachments a")).ToHaveCountAsync(0);
        foreach (var closed in new[] { "source", "attachments/0", "attachments/0/preview" })
        {
            var answer = await page.APIRequest.GetAsync($"{gateway.Url}/messages/{id}/{closed}");
            Assert.Equal(403, answer.Status);
            Assert.Contains("quarantine", await answer.TextAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(409, (await page.APIRequest.GetAsync($"{gateway.Url}/api/v1/messages/{id}/source")).Status);
        Assert.Equal(400, (await page.APIRequest.PostAsync($"{gateway.Url}/messages/{id}/quarantined-source")).Status); // no form of ours

        await page.Locator("#quarantine summary").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#quarantine-download").ClickAsync());
        Assert.Equal($"{id:N}.eml.quarantined", download.SuggestedFilename);
        Assert.Contains("Thank you, the tall one please.", await File.ReadAllTextAsync(await download.PathAsync(), Cancel), StringComparison.Ordinal);

        await page.Locator("#quarantine-release").ClickAsync();
        await Expect(page.Locator("#quarantine")).ToHaveCountAsync(0);
        Assert.Equal(200, (await page.APIRequest.GetAsync($"{gateway.Url}/messages/{id}/source")).Status);
        await visitor.OpenAsync("/settings/audit?kind=message");
        await Expect(page.Locator("main")).ToContainTextAsync("Mail released from quarantine");
        await Expect(page.Locator("main")).ToContainTextAsync("Source of a quarantined mail downloaded");
        Assert.DoesNotContain(visitor.Trouble, trouble => trouble.StartsWith("left the origin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Twenty_mails_of_the_corpora_are_readable_in_every_look_and_load_nothing_from_elsewhere()
    {
        var mails = Looked.Select(file => File.ReadAllBytes(Path.Combine(Corpora.Folder(""), file))).ToList();
        await using var gateway = await RunningGateway.StartAsync();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SetUpAsync(gateway);
        var ids = await ArrivedMail.ReadAsync(gateway, await AppAsync(gateway), mails, Cancel);
        var findings = new List<string>();
        foreach (var (file, id) in Looked.Zip(ids))
        {
            await visitor.OpenAsync($"/messages/{id}");
            if (await visitor.Page.Locator("#view-html").CountAsync() > 0)
            {
                await visitor.Page.Locator("#view-html").ClickAsync();
                await Expect(visitor.Page.FrameLocator("#body iframe").Locator("body")).ToBeVisibleAsync();
            }
            foreach (var fold in await visitor.Page.Locator("#attachments details > summary").AllAsync()) await fold.ClickAsync();
            await visitor.LookAsync($"mail-{Path.GetFileNameWithoutExtension(file)}", findings);
        }
        if (findings.Count > 0) Assert.Fail(string.Join('\n', findings));
        Assert.DoesNotContain(visitor.Trouble, trouble => trouble.StartsWith("left the origin", StringComparison.Ordinal));
    }

    private static async Task<EmailApp> AppAsync(RunningGateway gateway)
    {
        var organisation = (await gateway.Services.GetRequiredService<People>().OrganisationsAsync(Cancel)).Single();
        var apps = gateway.Services.GetRequiredService<EmailApps>();
        var app = await apps.OpenDraftAsync(organisation, Cancel);
        await apps.KeepDraftAsync(organisation, app.Id, AppForm.Of(app) with { AssetName = "Support", EmailId = "support@contoso.example" }, Cancel);
        return (await apps.FindAsync(organisation, app.Id, Cancel))!; // made just now
    }

    private static async Task ShownAsync(Visitor visitor, Guid id)
    {
        await visitor.OpenAsync($"/messages/{id}");
        await visitor.Page.Locator("#view-html").ClickAsync();
        await Expect(visitor.Page.FrameLocator("#body iframe").Locator("text=\"End\"")).ToBeVisibleAsync();
        await visitor.Page.WaitForLoadStateAsync(LoadState.Load);
        await NothingRanAsync(visitor.Page);
    }

    private static async Task NothingRanAsync(IPage page)
    {
        await Expect(page.Locator("html[data-canary]")).ToHaveCountAsync(0);
        await Expect(page.FrameLocator("#body iframe").Locator("text=\"End\"")).ToBeVisibleAsync(); // it is still the mail
        await Expect(page.FrameLocator("#body iframe").Locator("html[data-canary]")).ToHaveCountAsync(0);
    }

    private const string First = """
        From: Ann Bell <ann@fabrikam.example>
        To: support@contoso.example
        Subject: Blue lamp
        Message-ID: <one@fabrikam.example>
        Content-Type: text/plain; charset=utf-8

        I should like a blue lamp.

        """;

    private const string Answer = """
        From: Ann Bell <ann@fabrikam.example>
        To: support@contoso.example
        Cc: Dora <dora@adatum.example>
        Subject: Re: Blue lamp
        Message-ID: <two@fabrikam.example>
        In-Reply-To: <one@fabrikam.example>
        MIME-Version: 1.0
        Content-Type: multipart/related; boundary="r"

        --r
        Content-Type: multipart/alternative; boundary="b"

        --b
        Content-Type: text/plain; charset=utf-8

        Thank you, the tall one please.

        On Tue, Mar 3, 2026 at 4:12 PM Contoso Support <support@contoso.example> wrote:

        > Which one would you like, the tall one or the blue lamp?

        --b
        Content-Type: text/html; charset=utf-8

        <p>Thank you, the tall one please. <img alt="dot" src="cid:dot@x"> <img src="https://shop.adatum.example/pixel.png" alt=""> <a href="https://evil.example/login">https://www.contoso.example/</a></p>
        --b--
        --r
        Content-Type: image/gif
        Content-ID: <dot@x>
        Content-Transfer-Encoding: base64

        R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7
        --r--

        """;

    private static readonly string Strange = $"From: x@fabrikam.example\nSubject: Strange\n{string.Concat(Enumerable.Range(0, 5_000).Select(i => $"X-{i}: y\n"))}\nHello\n";

    /// <summary>A server outside: it only keeps what it is asked for.</summary>
    private sealed class Ear : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<string> _heard = [];
        private int _pictures;

        public Ear()
        {
            _listener.Start();
            _ = ListenAsync();
        }

        public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        public const string PagePath = "/mail";

        /// <summary>What it gives to who asks for it.</summary>
        public string Page { get; set; } = "";

        public const string PicturePath = "/shop.gif";

        /// <summary>What it gives to who asks for the picture.</summary>
        public byte[] Picture { get; init; } = [];

        /// <summary>Times that the picture was asked for.</summary>
        public int Pictures => _pictures;

        /// <summary>Questions for anything else.</summary>
        public IEnumerable<string> Heard => _heard;

        public async Task<bool> HearsAsync(CancellationToken cancel)
        {
            await _called.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
            return true;
        }

        public void Dispose() => _listener.Dispose();

        /// <summary>A browser may connect ahead of a question that it never asks.</summary>
        private async Task HearAsync(TcpClient caller)
        {
            using (caller)
            using (var said = new StreamReader(caller.GetStream()))
            {
                if (await said.ReadLineAsync(Cancel) is not { Length: > 0 } question) return;
                if (question.StartsWith($"GET {PagePath} ", StringComparison.Ordinal))
                {
                    var page = $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{Page}";
                    await caller.GetStream().WriteAsync(Encoding.UTF8.GetBytes(page), Cancel);
                    return;
                }
                if (question.StartsWith($"GET {PicturePath} ", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _pictures);
                    await caller.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Picture.Length}\r\nConnection: close\r\n\r\n"), Cancel);
                    await caller.GetStream().WriteAsync(Picture, Cancel);
                    return;
                }
                _heard.Enqueue(question);
                _called.TrySetResult();
            }
        }

        private async Task ListenAsync()
        {
            try
            {
                while (true) _ = HearAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }
    }
}
