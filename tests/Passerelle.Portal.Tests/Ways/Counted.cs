using Microsoft.Playwright;

namespace Passerelle.Portal.Tests.Ways;

/// <summary>A person of whom every fill, select and click is counted, here and at the provider. Opening an address that somebody
/// sent, or that a page shows for another device, is none.</summary>
/// <param name="together">Whoever began it: another device, or the mailbox's owner, counts with them. Null: the one who begins.</param>
internal sealed class Counted(Visitor visitor, Counted? together = null)
{
    private int _interactions;

    /// <summary>Of all who do one thing together.</summary>
    public int Interactions => together?.Interactions ?? _interactions;

    public IPage Page => visitor.Page;

    public Visitor Visitor => visitor;

    public Task FillAsync(string id, string text)
    {
        Count();
        return visitor.FillAsync(id, text);
    }

    public Task ClickAsync(string selector)
    {
        Count();
        return Page.Locator(selector).ClickAsync();
    }

    /// <summary>A click that leads to another page of ours.</summary>
    public Task FollowAsync(string selector)
    {
        Count();
        return visitor.FollowAsync(selector);
    }

    private void Count()
    {
        if (together is null) _interactions++;
        else together.Count();
    }
}
