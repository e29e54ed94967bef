using System.Globalization;
using System.Text;

namespace Passerelle.Lab.Imap;

internal enum SectionPart
{
    All,
    Header,
    Fields,
    FieldsNot,
    Text,
    Mime,
}

/// <summary>Which bytes of a mail are wanted: <c>1.2.HEADER.FIELDS (Subject)</c> (RFC 3501 §6.4.5).</summary>
internal sealed record BodySection(IReadOnlyList<int> Path, SectionPart Part, IReadOnlyList<string>? Fields = null)
{
    private const int LongestPath = 50;

    /// <summary>What stands between the brackets.</summary>
    public static BodySection Read(ImapArguments arguments)
    {
        if (arguments.Next == ']') return new BodySection([], SectionPart.All);
        var words = arguments.While(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-').ToUpperInvariant();
        var steps = words.Split('.');
        var path = steps.TakeWhile(step => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            .Take(LongestPath).Select(step => int.Parse(step, CultureInfo.InvariantCulture)).ToList();
        var part = string.Join('.', steps.Skip(path.Count)) switch
        {
            "" => SectionPart.All,
            "HEADER" => SectionPart.Header,
            "HEADER.FIELDS" => SectionPart.Fields,
            "HEADER.FIELDS.NOT" => SectionPart.FieldsNot,
            "TEXT" => SectionPart.Text,
            "MIME" when path.Count > 0 => SectionPart.Mime,
            _ => throw new ImapSyntax(),
        };
        if (part is not (SectionPart.Fields or SectionPart.FieldsNot)) return new BodySection(path, part);
        arguments.Space();
        if (arguments.Next != '(') throw new ImapSyntax();
        return new BodySection(path, part, arguments.Words(arguments.Text));
    }

    /// <returns>Null when the mail has no such section.</returns>
    public byte[]? Of(MailTree mail)
    {
        if (mail.Find(Path) is not { } part) return null;
        if (Path.Count == 0) return Part is SectionPart.All ? mail.Raw : OfMessage(mail, part);
        return Part switch
        {
            SectionPart.All => mail.Body(part).ToArray(),
            SectionPart.Mime => mail.Header(part).ToArray(),
            _ => part.Nested is { } nested ? OfMessage(mail, nested) : null,
        };
    }

    public override string ToString()
    {
        var words = Path.Select(number => number.ToString(CultureInfo.InvariantCulture)).Concat(Part switch
        {
            SectionPart.Header => ["HEADER"],
            SectionPart.Fields => ["HEADER.FIELDS"],
            SectionPart.FieldsNot => ["HEADER.FIELDS.NOT"],
            SectionPart.Text => ["TEXT"],
            SectionPart.Mime => ["MIME"],
            _ => Array.Empty<string>(),
        });
        return string.Join('.', words) + (Fields is null ? "" : $" ({string.Join(' ', Fields.Select(Written))})");
    }

    private static string Written(string field) =>
        field.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? field : ImapText.Nil(ImapText.Utf8(field));

    private byte[]? OfMessage(MailTree mail, MailPart message) => Part switch
    {
        SectionPart.Header => mail.Header(message).ToArray(),
        SectionPart.Text => mail.Body(message).ToArray(),
        SectionPart.Fields => Chosen(mail.Header(message), wanted: true),
        SectionPart.FieldsNot => Chosen(mail.Header(message), wanted: false),
        _ => null,
    };

    /// <summary>Fields as they stand there, folded lines with them, and an empty line at the end.</summary>
    private byte[] Chosen(ReadOnlySpan<byte> header, bool wanted)
    {
        var chosen = new StringBuilder();
        var taken = false;
        foreach (var line in Encoding.Latin1.GetString(header).Split('\n'))
        {
            var text = line.TrimEnd('\r');
            if (text.Length == 0) continue;
            if (text[0] is not (' ' or '\t'))
                taken = Fields!.Contains(text.Split(':')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase) == wanted; // read with them
            if (taken) chosen.Append(text).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(chosen.Append("\r\n").ToString());
    }
}
