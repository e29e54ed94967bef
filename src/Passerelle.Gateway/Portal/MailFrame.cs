using System.Net;
using Passerelle.Mail;

namespace Passerelle.Gateway.Portal;

/// <summary>The document in which a mail's HTML is looked at. It loads nothing: whoever asks for a remote picture tells the sender that the mail
/// was read, when, and that the address lives. Where the reader chooses that, <see cref="PictureLoader"/> asks, and the pictures stand in the document:
/// its policy stays the same, and a frame without an origin could show no cookie of ours at a door for pictures.</summary>
internal static class MailFrame
{
    /// <summary>What the frame may do, here and in the page's own attribute: a link that is clicked opens a tab of its own, nothing else.</summary>
    public const string Sandbox = "allow-popups allow-popups-to-escape-sandbox";

    /// <summary>Nothing runs, nothing loads but the pictures and styles that stand in it; no origin at all (sandbox).</summary>
    public const string Policy =
        $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox {Sandbox}";

    private const string Style = """
        :root { color-scheme: light; background: #fff; }
        body { margin: 14px; color: #1b1c1f; font: 15px/1.5 "Segoe UI", system-ui, -apple-system, Roboto, sans-serif; overflow-wrap: anywhere; }
        img { max-width: 100%; height: auto; }
        img:not([src]) { outline: 1px dashed #888; min-width: 1em; min-height: 1em; }
        pre { white-space: pre-wrap; }
        blockquote { margin-left: .5em; padding-left: .75em; border-left: 3px solid #ccc; }
        .passerelle-leads-to { font: 600 13px/1.4 system-ui, sans-serif; color: #8a0f1b; background: #fdf0f1; border: 1px solid #b10e1c; border-radius: 4px; padding: 0 .3em; }
        """;

    /// <summary>Turned round as a whole, because a writer's own colours know no dark page; pictures are turned back.</summary>
    private const string Dark = """
        :root { background: #dfdfdf; filter: invert(1) hue-rotate(180deg); }
        img { filter: invert(1) hue-rotate(180deg); }
        """;

    /// <summary>How high the frame opens, as CSS: it has no origin, so nobody can ask it how much it holds. A few words get a few lines; pictures, and more
    /// than a screen, get the screen. The reader may pull it larger.</summary>
    /// <param name="characters">Of a line, about.</param>
    public static string HeightOf(string text, int characters, bool hasPictures) =>
        hasPictures ? Highest : HeightOf(text.Split('\n').Sum(line => 1 + line.Length / characters), Highest);

    /// <summary>That of a part shown among others, of which only the size is known.</summary>
    public static string HeightOfPreview(long bytes) => HeightOf(1 + bytes / 60, "20rem");

    private static string HeightOf(long lines, string highest) => $"min({highest}, {4 + lines * 2}rem)";

    private const string Highest = "min(75vh, 900px)";

    /// <param name="html">Cleaned.</param>
    /// <param name="remote">Pictures from elsewhere by their numbers in the HTML; null: none.</param>
    /// <param name="theme">system, light or dark.</param>
    public static string Document(string title, string html, IReadOnlyDictionary<string, string> pictures, IReadOnlyDictionary<int, string>? remote, string theme)
    {
        var dark = theme switch
        {
            "dark" => Dark,
            "light" => "",
            _ => $"@media (prefers-color-scheme: dark) {{ {Dark} }}",
        };
        return $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{WebUtility.HtmlEncode(title)}</title>"
            + $"<style>{Style}{dark}</style></head><body>{ShownHtml.Of(html, pictures, remote)}</body></html>";
    }
}
