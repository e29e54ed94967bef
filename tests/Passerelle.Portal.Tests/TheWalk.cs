using Passerelle.Lab.Testing;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests;

/// <summary>The guide in its literal order, by one person with a browser, from the empty installation to a customer answered twice.</summary>
public sealed class TheWalk(BrowserFixture browser)
{
    private const string Question = "Where is my order?";

    [Guide("1", "3", "5", "7", "8", "59", "60", "61", "62", "64")]
    [Fact]
    public async Task From_the_empty_installation_to_the_first_answered_mail()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabFixture.StartAsync(cancel);
        await using var gateway = await RunningGateway.StartAsync(LabAround.SettingsFor(lab.Endpoints));
        await using var admin = await browser.VisitAsync(gateway.Url, abroad: lab.Endpoints.Https.GetLeftPart(UriPartial.Authority));

        await admin.SetUpAsync(gateway, LabAround.InboundDomain);
        await SeeDoorsAsync(admin);
        var (app, address) = await OpenDraftAsync(admin);
        await admin.CloseTabAsync();
        await SignOutAndInAsync(admin);
        await FindDraftAgainAsync(admin, app, address);

        var contoso = await lab.ContosoAsync("demo", $"{gateway.Url}/callback", cancel);
        await lab.PrepareAsync(contoso, gateway, address, cancel);
        var mail = new LabMail(lab.Control, contoso.Lab);
        var question = await mail.WriteAsync(contoso.Ann, contoso.Support, Question, "Hello,\n\nmy order has not come yet.\n\nAnn", cancel);
        await SeeHeldAsync(admin, app);

        await FillAndSaveAsync(admin, app, contoso);
        await AuthoriseAsync(admin, contoso);
        await AcknowledgeAsync(admin, app);
        await ProcessHeldAsync(admin, app);
        var acknowledgement = await mail.WaitAsync(contoso.Ann, TimeSpan.FromSeconds(30), cancel, inReplyTo: question);
        Assert.NotNull(acknowledgement);
        Assert.Equal("auto-replied", acknowledgement.AutoSubmitted);

        await VerifyAsync(admin, app, () => mail.WriteAsync(contoso.Bob, contoso.Support, "Do you open on Sunday?", "Bob", cancel));
        await ExamineAsync(admin, app);
        await ReadJourneyAsync(admin, contoso);
        await ReplyAsync(admin);
        await ReadInFrenchAsync(admin, app);

        var answers = await AnswersAsync(mail, contoso, cancel);
        Assert.Equal(2, answers.Count);
        Assert.All(answers, answer => Assert.Contains(question, answer.References));
        Assert.All(answers, answer => Assert.Contains(contoso.Support, answer.From, StringComparison.Ordinal));
        Assert.Empty(admin.Trouble);

        await RichMail.SendAsync(gateway, address, cancel);
        await LookAtEverythingAsync(gateway, app);
    }

    /// <summary>The pages as they are when an app works: both schemes, wide and narrow.</summary>
    private async Task LookAtEverythingAsync(RunningGateway gateway, string app)
    {
        var findings = new List<string>();
        await using var visitor = await browser.VisitAsync(gateway.Url);
        await visitor.SignInAsync();
        await visitor.OpenAsync("/journeys");
        var answered = await visitor.Page.Locator($"a.row:has-text('{Question}')").GetAttributeAsync("href");
        var rich = visitor.Page.Locator($"a.row:has-text('{RichMail.Subject}')");
        await Expect(rich).ToHaveCountAsync(1);
        var message = (await rich.GetAttributeAsync("href"))!.Replace("journeys", "messages", StringComparison.Ordinal); // a row is a link
        foreach (var (name, path) in new[]
        {
            ("home", "/"), ("apps", "/apps"), ("app", $"/apps/{app}"), ("app-settings", $"/apps/{app}/settings"),
            ("app-authorisation", $"/apps/{app}/authorisation"), ("app-doctor", $"/apps/{app}/doctor"), ("journeys", "/journeys"),
            ("journey", answered!), ("messages", "/messages"), ("message", message), ("flows", "/flows"), ("settings", "/settings"), // a row is a link
        })
        {
            await visitor.OpenAsync(path);
            await visitor.LookAsync($"filled-{name}", findings);
        }
        Assert.Empty(visitor.Trouble);
        Assert.Empty(findings);
    }

    /// <summary>Looked at by itself after the first run; nothing is green that only the outside can see.</summary>
    private static async Task SeeDoorsAsync(Visitor admin)
    {
        await Expect(admin.Page.Locator("#doors .hop")).ToHaveCountAsync(3, new() { Timeout = 30_000 });
        await Expect(admin.Page.Locator("#doors .hop.unknown").First).ToContainTextAsync("Plain http on loopback");
        await admin.PictureAsync("walk-00-doors");
    }

    private static async Task<(string App, string Address)> OpenDraftAsync(Visitor admin)
    {
        await admin.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await admin.FollowAsync("nav a[href='/apps']");
        await admin.FollowAsync("a[href='/apps/new']");
        await admin.FollowAsync("form.card button[type=submit]");
        await Expect(admin.Page.Locator("#asset-name")).ToBeVisibleAsync();
        await admin.FillAsync("asset-name", "Support");
        await admin.FillAsync("email-id", "support@contoso.example");
        await admin.Page.Locator("#email-id").BlurAsync();
        await Expect(admin.Page.Locator(".sticky-actions")).ToContainTextAsync("Draft kept");
        await admin.Page.Locator("[data-copy=forwarding-address]").ClickAsync();
        await Expect(admin.Page.Locator("[data-copy=forwarding-address]")).ToHaveTextAsync("Copied");
        var copied = await admin.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal(await admin.Page.Locator("#forwarding-address").InputValueAsync(), copied);
        await admin.PictureAsync("walk-01-draft");
        return (new Uri(admin.Page.Url).AbsolutePath.Split('/')[2], copied);
    }

    private static async Task SignOutAndInAsync(Visitor admin)
    {
        await admin.OpenAsync("/");
        await admin.FollowAsync("form[action='/sign-out'] button");
        await admin.SignInAsync();
    }

    private static async Task FindDraftAgainAsync(Visitor admin, string app, string address)
    {
        await admin.FollowAsync("nav a[href='/apps']");
        await admin.FollowAsync($"a.row[href='/apps/{app}']");
        await admin.FollowAsync($".tabs a[href='/apps/{app}/settings']");
        await Expect(admin.Page.Locator("#forwarding-address")).ToHaveValueAsync(address);
        await Expect(admin.Page.Locator("#email-id")).ToHaveValueAsync("support@contoso.example");
    }

    private static async Task SeeHeldAsync(Visitor admin, string app)
    {
        await admin.OpenAsync($"/apps/{app}");
        await Expect(admin.Page.Locator("#held")).ToContainTextAsync("1 message came before this app worked and is held.", new() { Timeout = 30_000 });
        await admin.PictureAsync("walk-02-held");
    }

    private static async Task FillAndSaveAsync(Visitor admin, string app, Contoso contoso)
    {
        await admin.OpenAsync($"/apps/{app}/settings");
        await admin.FillAsync("directory-id", contoso.DirectoryId.ToString());
        await admin.FillAsync("client-id", contoso.ClientId.ToString());
        await admin.FillAsync("client-secret", contoso.SecretId.ToString());
        await admin.Page.Locator("#secret-expiry-unknown").CheckAsync();
        await admin.Page.Locator("#save").ClickAsync();
        await Expect(admin.Page.Locator("#client-secret-help .problem")).ToHaveTextAsync("This is the Secret ID; copy the Value.");
        await Expect(admin.Page.Locator(".notice.bad")).ToHaveCountAsync(1);
        await admin.PictureAsync("walk-03-secret-id");
        await admin.FillAsync("client-secret", contoso.ClientSecret);
        await admin.Page.Locator("#save").ClickAsync();
        await admin.Page.WaitForURLAsync("**/authorisation");
        await admin.ReadyAsync();
    }

    private static async Task AuthoriseAsync(Visitor admin, Contoso contoso)
    {
        await admin.PictureAsync("walk-04-authorise");
        await admin.Page.Locator("#authorise").ClickAsync();
        await Expect(admin.Page.Locator("#login")).ToHaveValueAsync(contoso.Support); // login_hint
        await admin.FillAsync("passwd", Contoso.Password);
        await admin.PictureAsync("walk-05-lab-sign-in");
        await admin.Page.Locator("#signin button").ClickAsync();
        await Expect(admin.Page.Locator(".scopes")).ToContainTextAsync("SMTP.Send");
        await admin.PictureAsync("walk-06-lab-consent");
        await admin.Page.Locator("#consent button[value=accept]").ClickAsync();
        await Expect(admin.Page.Locator("#authorise-result.good")).ToContainTextAsync("Connected", new() { Timeout = 30_000 });
        Assert.DoesNotContain("code=", admin.Page.Url, StringComparison.Ordinal);
        await admin.PictureAsync("walk-07-connected");
    }

    private static async Task AcknowledgeAsync(Visitor admin, string app)
    {
        await admin.FollowAsync("nav a[href='/flows']");
        await admin.FollowAsync("main form button[type=submit]");
        await admin.FillAsync("ack-text", "Hello {{ message.from.name }},\n\nwe have your message and answer within one working day.");
        await admin.Page.Locator("#ack-text").BlurAsync();
        await admin.Page.Locator("#flow-publish").ClickAsync();
        await Expect(admin.Page.Locator(".notice.good")).ToContainTextAsync("Published as version 1.");
        await admin.PictureAsync("walk-08-flow");
        var flow = new Uri(admin.Page.Url).AbsolutePath.Split('/')[2];
        await admin.OpenAsync($"/apps/{app}");
        await admin.Page.Locator("#flow").SelectOptionAsync(flow);
        await Expect(admin.Page.Locator("main")).ToContainTextAsync("The choice is stored.");
    }

    private static async Task ProcessHeldAsync(Visitor admin, string app)
    {
        await admin.OpenAsync($"/apps/{app}");
        await admin.Page.Locator("#held-release").ClickAsync();
        await Expect(admin.Page.Locator("#held")).ToHaveCountAsync(0);
    }

    /// <summary>The page is never opened again: it turns green under the reader's eyes.</summary>
    private static async Task VerifyAsync(Visitor admin, string app, Func<Task> writeAsync)
    {
        await admin.OpenAsync($"/apps/{app}/doctor");
        await admin.Page.Locator("#verify").ClickAsync();
        var hops = admin.Page.Locator("#verify-steps .hop");
        await Expect(hops).ToHaveCountAsync(4);
        await Expect(admin.Page.Locator("#verify-steps .hop.waiting")).ToHaveCountAsync(4);
        await admin.PictureAsync("walk-09-verify-waiting");
        await writeAsync();
        await Expect(admin.Page.Locator("#verify-steps .hop.right")).ToHaveCountAsync(4, new() { Timeout = 30_000 });
        await admin.PictureAsync("walk-10-verify-green");
    }

    private static async Task ExamineAsync(Visitor admin, string app)
    {
        await admin.Page.Locator("#examine").ClickAsync();
        await Expect(admin.Page.Locator("#findings .hop")).ToHaveCountAsync(12, new() { Timeout = 30_000 });
        await Expect(admin.Page.Locator("#findings .hop.wrong")).ToHaveCountAsync(0);
        await admin.PictureAsync("walk-11-doctor");
    }

    private static async Task ReadJourneyAsync(Visitor admin, Contoso contoso)
    {
        await admin.FollowAsync("nav a[href='/journeys']");
        await admin.FollowAsync($"a.row:has-text('{Question}')");
        await Expect(admin.Page.Locator(".notice.good")).ToContainTextAsync("Round trip");
        await Expect(admin.Page.Locator(".hop.wrong")).ToHaveCountAsync(0);
        await Expect(admin.Page.Locator("main")).ToContainTextAsync(contoso.Ann);
        await admin.PictureAsync("walk-12-journey");
    }

    private static async Task ReplyAsync(Visitor admin)
    {
        await admin.FollowAsync("a[href^='/messages/'].btn");
        await admin.FillAsync("reply-text", "Dear Ann, it left our house yesterday.");
        await admin.Page.Locator("#reply-text").BlurAsync();
        await admin.Page.Locator("#reply-send").ClickAsync();
        await Expect(admin.Page.Locator("#answers .badge.good")).ToHaveCountAsync(2, new() { Timeout = 30_000 });
        await admin.PictureAsync("walk-13-answered");
    }

    private static async Task ReadInFrenchAsync(Visitor admin, string app)
    {
        await admin.OpenAsync($"/apps/{app}/settings");
        await admin.FollowAsync("button[name=language]");
        foreach (var (id, word) in new[]
        {
            ("asset-name", "Nom de l’actif"), ("forwarding-address", "Adresse de transfert"), ("smtp-host", "Serveur SMTP"),
            ("client-secret", "Secret client"), ("callback-url", "URL de rappel (Call Back URL)"),
        })
        {
            await Expect(admin.Page.Locator($"label[for={id}]")).ToHaveTextAsync(word);
        }
        await admin.PictureAsync("walk-14-french");
    }

    /// <summary>The person's answer may still be on its way from the lab's outbound queue.</summary>
    private static async Task<IReadOnlyList<LabMailItem>> AnswersAsync(LabMail mail, Contoso contoso, CancellationToken cancel)
    {
        await mail.WaitAsync(contoso.Ann, TimeSpan.FromSeconds(30), cancel, subject: $"Re: {Question}");
        for (var tries = 0; ; tries++)
        {
            var inbox = await mail.ListAsync(contoso.Ann, "inbox", cancel);
            if (inbox.Count >= 2 || tries == 100) return inbox;
            await Task.Delay(100, cancel);
        }
    }
}
