using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Passerelle.Mail.Verdicts.Dmarc;

namespace Passerelle.Mail;

/// <summary>A link of a mail as it is.</summary>
/// <param name="Text">What the reader sees, one line; "" when the link is a picture.</param>
/// <param name="Target">The whole address.</param>
/// <param name="Host">Where it leads, in A-labels; "" of an address to write or to call to.</param>
/// <param name="Deceives">Its text names another place, it hides the place behind a user name, or the place is written in letters of other scripts.</param>
public sealed record ShownLink(string Text, string Target, string Host, bool Deceives);

/// <summary>Cleaned HTML made ready to be looked at: pictures of the mail itself stand in it, links tell where they lead.</summary>
public static partial class ShownHtml
{
    /// <summary>What stands beside a link that deceives, so that a style sheet can mark it; the sanitiser lets no class of the writer's through.</summary>
    public const string NoteClass = "passerelle-leads-to";

    private const int MostLinks = 500;

    /// <param name="safe">Of <see cref="ReadMail.SafeHtml"/>.</param>
    /// <param name="pictures">Data URIs by Content-ID; an absent one stays an empty picture with its words.</param>
    /// <param name="remote">Data URIs by the number in <see cref="RemotePictures.SafeHtml"/>; null: none.</param>
    public static string Of(string safe, IReadOnlyDictionary<string, string> pictures, IReadOnlyDictionary<int, string>? remote = null)
    {
        using IHtmlDocument document = new HtmlParser().ParseDocument($"<body>{safe}</body>");
        if (document.Body is not { } body) return "";
        foreach (IElement image in body.QuerySelectorAll("img").ToList()) Resolve(image, pictures, remote);
        foreach (IElement link in body.QuerySelectorAll("a[href]").ToList()) Tell(document, link);
        return body.InnerHtml;
    }

    /// <summary>In the order of the mail, each target once.</summary>
    public static IReadOnlyList<ShownLink> Links(string safe)
    {
        using IHtmlDocument document = new HtmlParser().ParseDocument($"<body>{safe}</body>");
        return document.Body is not { } body
            ? []
            : [.. body.QuerySelectorAll("a[href]").Select(LinkOf).DistinctBy(link => (link.Target, link.Deceives)).Take(MostLinks)];
    }

    private static void Resolve(IElement image, IReadOnlyDictionary<string, string> pictures, IReadOnlyDictionary<int, string>? remote)
    {
        if (image.GetAttribute("src") is not { } source) return;
        string? data;
        if (RemotePictures.NumberIn(source) is { } number) data = remote?.GetValueOrDefault(number);
        else if (source.StartsWith("cid:", StringComparison.OrdinalIgnoreCase)) data = pictures.GetValueOrDefault(Uri.UnescapeDataString(source["cid:".Length..]));
        else return;
        if (data is not null) image.SetAttribute("src", data);
        else image.RemoveAttribute("src");
    }

    private static void Tell(IHtmlDocument document, IElement link)
    {
        ShownLink shown = LinkOf(link);
        link.SetAttribute("title", shown.Target);
        if (!shown.Deceives) return;
        IElement note = document.CreateElement("span");
        note.ClassName = NoteClass;
        note.TextContent = $" → {(shown.Host.Length > 0 ? shown.Host : shown.Target)} ";
        link.After(note);
    }

    private static ShownLink LinkOf(IElement link)
    {
        string target = link.GetAttribute("href") ?? "";
        string text = AddressText.OneLine(link.TextContent, 300);
        if (!Uri.TryCreate(target, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")) return new ShownLink(text, target, "", Deceives: false);
        string host = address.IdnHost.ToLowerInvariant();
        return new ShownLink(text, target, host, address.UserInfo.Length > 0 || host.Contains("xn--", StringComparison.Ordinal) || NamesAnother(text, host));
    }

    /// <summary>The text is an address of its own, of another registered domain.</summary>
    private static bool NamesAnother(string text, string host)
    {
        if (Address().Match(text) is not { Success: true } named) return false;
        if (DomainNames.ToAscii(named.Groups["host"].Value.TrimEnd('.')) is not { } claimed) return true; // a name that cannot exist leads nowhere
        return Registered(claimed) is { } one && one != (Registered(host) ?? host);
    }

    private static string? Registered(string host) => PublicSuffixes.OrganisationalDomain(host);

    /// <summary>An address at the beginning, with or without its scheme; "e.g." and "version 2.0" are none: the last label has two letters or more.</summary>
    [GeneratedRegex(@"^\s*(?:(?:https?://|www\.)(?<host>[\p{L}\p{N}.\-]+\.[\p{L}]{2,})|(?<host>(?:[\p{L}\p{N}\-]+\.)+[\p{L}]{2,})(?:[/?#]\S*)?\s*$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
