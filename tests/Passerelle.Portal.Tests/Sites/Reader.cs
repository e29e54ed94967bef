using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Passerelle.Portal.Tests.Sites;

/// <summary>Somebody who follows the guide on the lab's sites, in one language, by the words that the guide uses.</summary>
internal sealed class Reader(Visitor visitor, string language)
{
    private int _pictures;

    public IPage Page => visitor.Page;

    public Task OpenAsync(string path) => Page.GotoAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language}");

    public string Say(string english, string french) => language == "fr" ? french : english;

    /// <summary>By the text of a link.</summary>
    public Task FollowAsync(string english, string french) => Page.GetByRole(AriaRole.Link, new() { Name = Say(english, french) }).First.ClickAsync();

    public Task PressAsync(string english, string french) => Page.GetByRole(AriaRole.Button, new() { Name = Say(english, french), Exact = true }).First.ClickAsync();

    public Task TickAsync(string english, string french) => Page.GetByLabel(Say(english, french)).First.CheckAsync();

    public Task FillAsync(string id, string text) => Page.Locator($"#{id}").FillAsync(text);

    public Task SeeAsync(string english, string french) => Expect(Page.Locator("main")).ToContainTextAsync(Say(english, french));

    /// <summary>Does it, sees the warning, goes away without saving: the switch stands as before.</summary>
    public async Task LeaveUnsavedAsync(Func<Task> change, Func<Task<string>> standing)
    {
        await Page.WaitForLoadStateAsync(); // the script that sees a change has come with the page
        var before = await standing();
        await change();
        Assert.NotEqual(before, await standing());
        await Expect(Page.Locator(".unsaved:visible")).ToContainTextAsync(Say("Changed, not saved", "Modifié, non enregistré"));
        await Page.GotoAsync(Page.Url);
        Assert.Equal(before, await standing());
    }

    public async Task<string> TickedAsync(string selector) => await Page.Locator(selector).IsCheckedAsync() ? "on" : "off";

    /// <summary>Kept for the docs when PASSERELLE_GUIDE_PICTURES names their folder; numbered in the order of the guide.</summary>
    public async Task PictureAsync(string name)
    {
        _pictures++;
        if (Environment.GetEnvironmentVariable("PASSERELLE_GUIDE_PICTURES") is not { Length: > 0 } folder) return;
        await Page.Locator("main").ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, language, string.Create(CultureInfo.InvariantCulture, $"{_pictures:00}-{name}.png")),
        });
    }
}
