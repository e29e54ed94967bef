using System.Globalization;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>One leaf of a mail. Enclosed messages are leaves: their parts are theirs.</summary>
internal sealed record MailPart(string Number, MimeEntity Entity, bool InReport)
{
    /// <summary>Found within a winmail.dat.</summary>
    public bool InTnef { get; init; }

    /// <summary>Found within a text (<see cref="UuFiles"/>).</summary>
    public bool InText { get; init; }

    public string Type => Entity.ContentType.MimeType.ToLowerInvariant();

    public string? Name => FileNames.Of(Entity) is { Length: > 0 } name ? name : null;

    public void WriteTo(Stream to)
    {
        if (Entity is MimePart { Content: { } content }) content.WriteDecodedTo(to);
        else if (Entity is MessagePart { Message: { } message }) message.WriteTo(to);
    }
}

internal static class PartWalk
{
    /// <summary>The leaves in order, numbered as IMAP does.</summary>
    public static IEnumerable<MailPart> Of(MimeMessage message) => message.Body switch
    {
        null => [],
        Multipart multipart => Children(multipart, "", multipart is MultipartReport),
        var single => [new MailPart("1", single, false)],
    };

    /// <summary>Likewise, and what is within a winmail.dat or a text after it.</summary>
    public static IEnumerable<MailPart> Opened(MimeMessage message)
    {
        foreach (MailPart part in Of(message))
        {
            yield return part;
            foreach (MailPart inner in TnefContents.IsOne(part) ? TnefContents.Of(part) : UuFiles.Of(part)) yield return inner;
        }
    }

    private static IEnumerable<MailPart> Children(Multipart parent, string prefix, bool inReport)
    {
        for (int i = 0; i < parent.Count; i++)
        {
            string number = prefix + (i + 1).ToString(CultureInfo.InvariantCulture);
            if (parent[i] is not Multipart nested) yield return new MailPart(number, parent[i], inReport);
            else foreach (MailPart part in Children(nested, number + ".", inReport)) yield return part;
        }
    }
}
