using MimeKit;
using MimeKit.Tnef;

namespace Passerelle.Mail.Bodies;

/// <summary>What Outlook packed into a winmail.dat (MS-OXTNEF): files, and the body in the forms that it had.</summary>
internal static class TnefContents
{
    public static bool IsOne(MailPart part) =>
        part.Entity is TnefPart
        || (part.Entity is MimePart and not TextPart && part.Name is { } name && name.Equals("winmail.dat", StringComparison.OrdinalIgnoreCase));

    /// <summary>The leaves within, numbered below the part. A body gets a name, so that it is a file among the files.</summary>
    /// <returns>Empty when it cannot be opened.</returns>
    public static IReadOnlyList<MailPart> Of(MailPart part)
    {
        if (part.Entity is not MimePart { Content: { } content }) return [];
        try
        {
            TnefPart packed = part.Entity as TnefPart ?? new TnefPart { Content = content };
            List<MailPart> inner = [.. PartWalk.Of(packed.ConvertToMessage()).Select(one => one with { Number = $"{part.Number}.{one.Number}", InTnef = true })];
            foreach (TextPart body in inner.Where(one => one.Name is null).Select(one => one.Entity).OfType<TextPart>())
                body.ContentType.Name = body.IsHtml ? "body.html" : body.IsRichText ? "body.rtf" : "body.txt";
            return inner;
        }
        catch (Exception broken) when (broken is not (OutOfMemoryException or ObjectDisposedException))
        {
            return []; // MimeKit's reader throws several kinds at damaged data; the file itself is still there
        }
    }
}
