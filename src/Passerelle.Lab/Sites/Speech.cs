namespace Passerelle.Lab.Sites;

/// <summary>One text in both languages: a missing translation does not compile.</summary>
internal sealed record Word(string English, string French);

/// <summary>The language of one request: <c>?lang=</c>, then the cookie that it leaves, then Accept-Language.</summary>
internal readonly record struct Speech(bool InFrench)
{
    private const string Cookie = "lab-lang";

    public string Code => InFrench ? "fr" : "en";

    public string this[Word word] => InFrench ? word.French : word.English;

    /// <summary>For texts with holes, numbered <c>{0}</c>.</summary>
    public string Say(Word word, params object?[] values) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, this[word], values);

    public static Speech Of(HttpContext context)
    {
        var asked = context.Request.Query["lang"].ToString();
        if (asked is "en" or "fr")
        {
            context.Response.Cookies.Append(Cookie, asked, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
            return new Speech(asked == "fr");
        }

        if (context.Request.Cookies[Cookie] is { } kept) return new Speech(kept == "fr");
        var first = context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).FirstOrDefault();
        return new Speech(first?.Value.Value?.StartsWith("fr", StringComparison.OrdinalIgnoreCase) == true);
    }
}
