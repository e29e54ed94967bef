using System.Net;
using System.Text.RegularExpressions;

namespace Passerelle.Lab.Testing;

/// <summary>Signs in as a person does: opens the page, fills its forms, keeps its cookies. It stops at the redirect that
/// leaves the lab, so the application's callback is the caller's to open.</summary>
public sealed partial class LabBrowser : IDisposable
{
    private readonly HttpClient _http;

    internal LabBrowser(HttpClient http) => _http = http;

    /// <summary>With the cookies of this browser.</summary>
    public HttpClient Http => _http;

    /// <summary>With consent given when it is asked.</summary>
    public Task<SignInEnd> SignInAsync(Uri authorize, string login, string password, CancellationToken cancel) =>
        SignInAsync(authorize, login, password, consent: true, cancel);

    /// <summary>From the authorize address to the application's callback, with consent when it is asked.</summary>
    /// <returns>Where the lab sends the browser; when it keeps it, the page with the reason.</returns>
    public async Task<SignInEnd> SignInAsync(Uri authorize, string login, string password, bool consent, CancellationToken cancel)
    {
        SignInEnd end = await OpenAsync(authorize, cancel);
        if (end.Has("signin"))
            end = await SubmitAsync(end, "signin", new() { ["login"] = login, ["passwd"] = password }, cancel);
        if (end.Has("consent"))
            end = await SubmitAsync(end, "consent", new() { ["answer"] = consent ? "accept" : "cancel" }, cancel);
        return end;
    }

    public async Task<SignInEnd> OpenAsync(Uri address, CancellationToken cancel) =>
        await EndOfAsync(await _http.GetAsync(address, cancel), address, cancel);

    /// <summary>Sends one form of the page with its hidden fields.</summary>
    /// <param name="form">The form's id.</param>
    public async Task<SignInEnd> SubmitAsync(SignInEnd page, string form, Dictionary<string, string> fields, CancellationToken cancel)
    {
        Match found = Regex.Match(page.Html, $"<form[^>]*id=\"{form}\"[^>]*>(.*?)</form>", RegexOptions.Singleline);
        foreach (Match hidden in Hidden().Matches(found.Groups[1].Value))
            fields.TryAdd(hidden.Groups[1].Value, WebUtility.HtmlDecode(hidden.Groups[2].Value));
        Match action = Action().Match(found.Value);
        Uri target = action.Success ? new Uri(page.Address, WebUtility.HtmlDecode(action.Groups[1].Value)) : page.Address;
        using var content = new FormUrlEncodedContent(fields);
        return await EndOfAsync(await _http.PostAsync(target, content, cancel), target, cancel);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Follows redirects within the lab only.</summary>
    private async Task<SignInEnd> EndOfAsync(HttpResponseMessage answer, Uri address, CancellationToken cancel)
    {
        using (answer)
        {
            var html = await answer.Content.ReadAsStringAsync(cancel);
            if (answer.Headers.Location is not { } location) return new SignInEnd(address, (int)answer.StatusCode, html, null);
            var target = new Uri(address, location);
            return target.Authority == address.Authority && target.Scheme == address.Scheme
                ? await OpenAsync(target, cancel)
                : new SignInEnd(address, (int)answer.StatusCode, html, target);
        }
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();

    [GeneratedRegex("^<form[^>]*action=\"([^\"]*)\"")]
    private static partial Regex Action();
}

/// <summary>Where a browser came to.</summary>
/// <param name="Address">The lab's page.</param>
/// <param name="Callback">The application's address with its answer, or null when the lab shows a page.</param>
public sealed record SignInEnd(Uri Address, int Status, string Html, Uri? Callback)
{
    /// <summary>Whether the page has a form of that id.</summary>
    public bool Has(string form) => Callback is null && Html.Contains($"id=\"{form}\"", StringComparison.Ordinal);

    /// <summary>A field of the answer, from query or fragment; null when it is not there.</summary>
    public string? Field(string name)
    {
        if (Callback is null) return null;
        var text = (Callback.Query.Length > 1 ? Callback.Query : Callback.Fragment).TrimStart('?', '#');
        return text.Split('&').Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2 && pair[0] == name).Select(pair => Uri.UnescapeDataString(pair[1].Replace('+', ' '))).FirstOrDefault();
    }
}
