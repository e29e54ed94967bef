using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Passerelle.Portal.Tests;

/// <summary>Ctrl+C while somebody looks at a page.</summary>
public sealed class Stopping(BrowserFixture browser)
{
    /// <summary>What the host waits for pages that will not go: held up means all of it. No bound on how fast it is.</summary>
    private static readonly TimeSpan WholeShutdown = new HostOptions().ShutdownTimeout;

    /// <summary>Several times: the browser's script may or may not come back before the door is shut.</summary>
    [Fact]
    public async Task An_open_page_does_not_hold_up_the_end()
    {
        await using var gateway = await RunningGateway.StartAsync();
        await using var admin = await browser.VisitAsync(gateway.Url);
        await admin.SetUpAsync(gateway);
        for (var time = 0; time < 5; time++)
        {
            await admin.OpenAsync("/apps");
            var watch = Stopwatch.StartNew();
            await gateway.RestartAsync();
            Assert.True(watch.Elapsed < WholeShutdown, $"held up for {watch.Elapsed}"); // a start is in it too
        }
    }
}
