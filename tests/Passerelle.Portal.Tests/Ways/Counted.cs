using Microsoft.Playwright;

namespace Passerelle.Portal.Tests.Ways;

/// <summary>A person of whom every fill, select and click is counted, here and at the provider. Opening an address that somebody
/// sent, or that a page shows for another device, is none.</summary>
internal sealed class Counted(Visitor visitor)
{
    /// <summary>Shared by people who do one thing together.</summary>
    public int Interactions { get; private set; }

    public IPage Page => visitor.Page;

    public Visitor Visitor => visitor;

    public Task FillAsync(string id, string text)
    {
        Interactions++;
        return visitor.FillAsync(id, text);
    }

    public Task ClickAsync(string selector)
    {
        Interactions++;
        return Page.Locator(selector).ClickAsync();
    }

    /// <summary>What somebody else did meanwhile, in another browser, for the same app.</summary>
    public void Count(int interactions) => Interactions += interactions;

    /// <summary>A click that leads to another page of ours.</summary>
    public Task FollowAsync(string selector)
    {
        Interactions++;
        return visitor.FollowAsync(selector);
    }
}
