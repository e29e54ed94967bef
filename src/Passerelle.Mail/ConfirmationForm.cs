using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Passerelle.Mail;

/// <summary>The one button of a page that asks "do you confirm?" (facts §9: the link's page needs one click, a POST, and no sign-in).</summary>
/// <param name="Action">Where it posts to, absolute.</param>
/// <param name="Fields">What it posts.</param>
public sealed record ConfirmationForm(Uri Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private const int LongestPage = 1_000_000;

    /// <returns>Null when the page has no form that posts, or several.</returns>
    public static ConfirmationForm? Find(string html, Uri page)
    {
        if (html.Length > LongestPage || Bodies.HtmlBurden.IsTooHeavy(html)) return null;
        using var document = new HtmlParser().ParseDocument(html);
        var forms = document.Forms.Where(form => form.Method.Equals("post", StringComparison.OrdinalIgnoreCase)).ToList();
        if (forms is not [var only] || !Uri.TryCreate(page, only.GetAttribute("action") ?? "", out var action)) return null;
        return new(action, [.. only.QuerySelectorAll("input[name]").OfType<IHtmlInputElement>()
            .Where(input => input.Type is not ("checkbox" or "radio") || input.IsChecked)
            .Select(input => KeyValuePair.Create(input.Name!, input.Value))]); // selected by its name
    }
}
