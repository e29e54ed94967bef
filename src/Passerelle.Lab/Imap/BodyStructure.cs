using System.Globalization;
using System.Text;
using MimeKit;

namespace Passerelle.Lab.Imap;

/// <summary>The parts of a mail in parentheses (RFC 3501 §7.4.2).</summary>
/// <param name="extended">BODYSTRUCTURE; BODY leaves disposition, language and location out.</param>
internal sealed class BodyStructure(MailTree mail, bool extended)
{
    public override string ToString() => Of(mail.Root);

    private string Of(MailPart part) => part.Entity switch
    {
        Multipart several when part.Children.Count > 0 => Several(several, part),
        { } entity => Single(entity, part),
        null => string.Create(CultureInfo.InvariantCulture,
            $"(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" {part.End - part.Body} {mail.LinesOf(part)}{(extended ? " NIL NIL NIL NIL" : "")})"),
    };

    private string Several(Multipart several, MailPart part)
    {
        var children = string.Concat(part.Children.Select(Of));
        var more = extended ? $" {Parameters(several.ContentType.Parameters)} {Placement(several)}" : "";
        return $"({children} {Upper(several.ContentType.MediaSubtype)}{more})";
    }

    private string Single(MimeEntity entity, MailPart part)
    {
        var type = entity.ContentType;
        // a multipart without parts, or too deep, is bytes (RFC 2046 §5.1)
        var (media, sub) = entity is Multipart ? ("APPLICATION", "OCTET-STREAM") : (type.MediaType, type.MediaSubtype);
        var said = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"({Upper(media)} {Upper(sub)} {Parameters(type.Parameters)} {Field(entity, HeaderId.ContentId)} {Field(entity, HeaderId.ContentDescription)} {Encoding(entity)} {part.End - part.Body}"));
        if (part is { Nested: { } nested, NestedMessage: { } message })
            said.Append(CultureInfo.InvariantCulture, $" {Envelope.Of(message)} {Of(nested)} {mail.LinesOf(part)}");
        else if (media.Equals("text", StringComparison.OrdinalIgnoreCase))
            said.Append(CultureInfo.InvariantCulture, $" {mail.LinesOf(part)}");
        if (extended) said.Append(CultureInfo.InvariantCulture, $" {Field(entity, HeaderId.ContentMd5)} {Placement(entity)}");
        return said.Append(')').ToString();
    }

    /// <summary>Disposition, language, location.</summary>
    private static string Placement(MimeEntity entity)
    {
        var disposition = entity.ContentDisposition is { } there ? $"({Upper(there.Disposition)} {Parameters(there.Parameters)})" : "NIL";
        return $"{disposition} {Field(entity, HeaderId.ContentLanguage)} {Field(entity, HeaderId.ContentLocation)}";
    }

    private static string Parameters(ParameterList parameters) => parameters.Count == 0 ? "NIL"
        : $"({string.Join(' ', parameters.Select(p => $"{Upper(p.Name)} {ImapText.Nil(Value(p.Value))}"))})";

    /// <summary>A name that is not ASCII travels as an encoded word, which clients of IMAP decode.</summary>
    private static string Value(string value) => Ascii.IsValid(value) ? value
        : System.Text.Encoding.Latin1.GetString(MimeKit.Utils.Rfc2047.EncodeText(System.Text.Encoding.UTF8, value));

    private static string Field(MimeEntity entity, HeaderId id) =>
        ImapText.Nil(entity.Headers[id] is { } value ? ImapText.Utf8(value.Trim()) : null);

    private static string Encoding(MimeEntity entity) => Upper(entity.Headers[HeaderId.ContentTransferEncoding]?.Trim() ?? "7BIT");

    private static string Upper(string word) => ImapText.Nil(ImapText.Utf8(word.ToUpperInvariant()));
}
