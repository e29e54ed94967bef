using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Passerelle.Portal.Tests;

/// <summary>axe-core, put into a page once. Deque's own runner sends its half megabyte three times and opens a second page
/// for every look: three seconds instead of half of one.</summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    private const string Run = """
        async () => (await axe.run(document, { iframes: false, resultTypes: ['violations'] })).violations
            .filter(violation => ['serious', 'critical'].includes(violation.impact))
            .flatMap(violation => violation.nodes.map(node => `${location.pathname}: ${violation.id}: ${node.html} ${node.failureSummary}`))
        """;

    /// <summary>What axe calls serious or critical on the page as it stands. A mail's own HTML is not ours to judge, and its frame
    /// runs no script.</summary>
    public static async Task<IReadOnlyList<string>> SeriousFindingsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window")) await page.EvaluateAsync(Script);
        return await page.EvaluateAsync<string[]>(Run);
    }
}
