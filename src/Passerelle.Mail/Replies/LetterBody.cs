using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Passerelle.Mail.Replies;

/// <summary>The parts of a letter, each where mail programs look for it: the text before the HTML, images beside the HTML, files below all.</summary>
internal static partial class LetterBody
{
    private const int LongestName = 200;

    public static MimeEntity Of(Draft draft)
    {
        var words = Spoken(draft);
        var files = draft.Enclosures.Where(file => file.ContentId is null).Select(file => Part(file)).ToList();
        var whole = files.Count == 0 ? words : Around(new Multipart("mixed"), [words, .. files]);
        Name(whole, draft.MessageId);
        return whole;
    }

    /// <summary>RFC 2046 §5.1.4: the richest last; an answer to an invitation is one more way to say it (RFC 6047 §2.4).</summary>
    private static MimeEntity Spoken(Draft draft)
    {
        List<MimeEntity> ways = [new TextPart("plain") { Text = Lines(draft.Text) }];
        if (draft.Html is { } html) ways.Add(Shown(html, [.. draft.Enclosures.Where(file => file.ContentId is not null).Select(file => Part(file))]));
        if (draft.Calendar is { } calendar) ways.Add(Answer(calendar));
        return ways.Count == 1 ? ways[0] : Around(new MultipartAlternative(), ways);
    }

    /// <summary>RFC 2387: the HTML is the root, and what it shows stands beside it.</summary>
    private static MimeEntity Shown(string html, IReadOnlyList<MimeEntity> images)
    {
        var root = new TextPart("html") { Text = Lines(html) };
        if (images.Count == 0) return root;
        var related = Around(new MultipartRelated(), [root, .. images]);
        related.ContentType.Parameters.Add("type", "text/html");
        return related;
    }

    private static TextPart Answer(string calendar)
    {
        var part = new TextPart("calendar") { Text = calendar };
        part.ContentType.Parameters.Add("method", "REPLY");
        return part;
    }

    private static MimePart Part(Enclosure file)
    {
        string name = NameOf(file.Name);
        var part = new MimePart(TypeOf(file.Type))
        {
            Content = new MimeContent(new MemoryStream(file.Content.ToArray(), writable: false)),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(file.ContentId is null ? ContentDisposition.Attachment : ContentDisposition.Inline) { FileName = name },
        };
        part.ContentType.Name = name;
        if (file.ContentId is { } id) part.ContentId = id;
        return part;
    }

    /// <summary>A mail or a multipart may not stand in base64 (RFC 2045 §6.4): it travels as a plain file.</summary>
    private static ContentType TypeOf(string type) =>
        MediaType().Match(type.Trim()) is { Success: true } media && media.Groups[1].Value.ToLowerInvariant() is not ("message" or "multipart")
            ? new ContentType(media.Groups[1].Value, media.Groups[2].Value)
            : new ContentType("application", "octet-stream");

    /// <summary>A name that looks like an encoded word is decoded by some readers though RFC 2047 §5 forbids it there: it loses that look.</summary>
    private static string NameOf(string name)
    {
        string bare = AddressText.OneLine(name[(name.LastIndexOfAny(['/', '\\']) + 1)..], LongestName).Replace("=?", "=_", StringComparison.Ordinal).Trim();
        // mailparser reads a percent sign wrongly where an encoded name (RFC 2231) goes on in the next line.
        if (!Ascii.IsValid(bare)) bare = bare.Replace('%', '\uFF05');
        return bare.Length > 0 ? bare : "attachment";
    }

    private static Multipart Around(Multipart multipart, IEnumerable<MimeEntity> parts)
    {
        foreach (MimeEntity part in parts) multipart.Add(part);
        return multipart;
    }

    /// <summary>Derived from the letter, not random: the same draft is the same bytes.</summary>
    private static void Name(MimeEntity entity, string seed)
    {
        if (entity is not Multipart multipart) return;
        multipart.Boundary = "=-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seed)))[..32];
        for (var number = 0; number < multipart.Count; number++) Name(multipart[number], $"{seed} {number}");
    }

    /// <summary>A lone CR or LF of a quoted mail ends a line here, and nothing on the wire.</summary>
    private static string Lines(string text) => LineEnd().Replace(text, "\n");

    [GeneratedRegex("\r\n|\r")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"\A([A-Za-z0-9!#$&^_.+-]{1,64})/([A-Za-z0-9!#$&^_.+-]{1,64})(\s*;.*)?\z", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex MediaType();
}
