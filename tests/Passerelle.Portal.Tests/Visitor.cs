using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Passerelle.Portal.Tests;

/// <summary>Somebody in front of a browser. What leaves the origin or lands on the console is remembered as trouble.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly IBrowserContext _context;
    private readonly string[] _origins;
    private IPage? _page;

    /// <param name="origins">The first is the portal's.</param>
    public Visitor(IBrowserContext context, string[] origins) => (_context, _origins) = (context, origins);

    public IPage Page => _page!; // BrowserFixture opens the first tab

    public ConcurrentBag<string> Trouble { get; } = [];

    public async Task OpenTabAsync()
    {
        var page = _page = await _context.NewPageAsync();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && !Array.Exists(_origins, origin => request.Url.StartsWith(origin, StringComparison.Ordinal)))
            {
                Trouble.Add($"left the origin: {request.Url}");
            }
        };
        page.Console += (_, line) =>
        {
            if (line.Type is "error" && !line.Text.Contains("404", StringComparison.Ordinal)) Trouble.Add($"console on {page.Url}: {line.Text} {line.Location}");
        };
        page.PageError += (_, error) => Trouble.Add($"script error: {error}");
    }

    public async Task CloseTabAsync()
    {
        await Page.CloseAsync();
        await OpenTabAsync();
    }

    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    /// <summary>Until the page answers: static pages at once, interactive ones when their circuit stands.</summary>
    public Task ReadyAsync() => Page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>Clicks what leads to another page, and waits until that one answers.</summary>
    public async Task FollowAsync(string selector)
    {
        await Page.EvaluateAsync("document.documentElement.dataset.left = ''");
        await Page.Locator(selector).First.ClickAsync();
        await Page.Locator("html[data-ready]:not([data-left])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Kept when PASSERELLE_SCREENSHOTS names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PASSERELLE_SCREENSHOTS") is not { Length: > 0 } folder) return;
        // As large as its page, and two turns of the screen later: frames of another process are not painted in a picture that reaches beyond the window.
        var (width, height) = (Page.ViewportSize!.Width, await Page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
        await Page.SetViewportSizeAsync(width, Math.Max(height, Look.Height));
        await Page.EvaluateAsync("scrollTo(0, 0); new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        await Page.SetViewportSizeAsync(width, Look.Height);
    }

    public Task FillAsync(string id, string text) => Page.Locator($"#{id}").FillAsync(text);

    public async Task SetUpAsync(RunningGateway gateway, string inboundDomain = "in.contoso.example")
    {
        await OpenAsync("/");
        await FillAsync("token", gateway.Token);
        await FillAsync("name", "Ada Admin");
        await FillAsync("email", "ada@contoso.example");
        await FillAsync("password", Password);
        await FillAsync("organisation", "Contoso");
        await FillAsync("public-url", gateway.Url);
        await FillAsync("inbound-domain", inboundDomain);
        await Page.Locator("form.card button[type=submit]").ClickAsync();
        await Page.WaitForURLAsync("**/settings?done=1");
        await ReadyAsync();
    }

    public async Task SignInAsync(string email = "ada@contoso.example", string password = Password)
    {
        await OpenAsync("/sign-in");
        await FillAsync("email", email);
        await FillAsync("password", password);
        await Page.Locator("form.card button[type=submit]").ClickAsync();
    }

    /// <summary>Adds what is wrong with the page as it stands, in light and dark, wide and narrow: for axe, and wider than
    /// the window. The page is opened once: its colours and widths are the style sheet's, so the window changes around it.</summary>
    /// <param name="judgedFrom">Pixels; axe does not look at narrower windows.</param>
    public async Task LookAsync(string name, List<string> findings, int judgedFrom = 0)
    {
        foreach (var (dark, width) in Look.All)
        {
            await Page.SetViewportSizeAsync(width, Look.Height);
            await Page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            if (width >= judgedFrom) findings.AddRange((await Axe.SeriousFindingsAsync(Page)).Select(finding => $"{name}-{width}-{(dark ? "dark" : "light")}: {finding}"));
            var wide = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (wide > width) findings.Add($"{name} is {wide} px wide at {width}");
            await PictureAsync($"{name}-{width}-{(dark ? "dark" : "light")}");
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
