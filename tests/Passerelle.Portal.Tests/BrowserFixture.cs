using Microsoft.Playwright;
using Passerelle.Portal.Tests;

[assembly: AssemblyFixture(typeof(BrowserFixture))]
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)] // a visitor waits more than it works

namespace Passerelle.Portal.Tests;

/// <summary>One Chromium for all tests; it reaches no network but loopback.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000); // as long as Playwright waits for everything else
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PASSERELLE_CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <param name="abroad">Other origins that this visit may lead to; their certificates are made by themselves.</param>
    internal async Task<Visitor> VisitAsync(string url, params string[] abroad)
    {
        var context = await _browser!.NewContextAsync(new() // initialised by the runner
        {
            BaseURL = url,
            Locale = "en",
            ColorScheme = ColorScheme.Light,
            ViewportSize = new() { Width = 1280, Height = Look.Height },
            ReducedMotion = ReducedMotion.Reduce,
            IgnoreHTTPSErrors = abroad.Length > 0,
        });
        var visitor = new Visitor(context, [url, .. abroad]);
        await visitor.OpenTabAsync();
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
