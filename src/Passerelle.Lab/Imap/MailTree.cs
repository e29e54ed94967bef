using MimeKit;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>A mail with the places of its parts in the exact bytes: what a client fetches is never written anew.</summary>
internal sealed class MailTree
{
    /// <summary>Deeper parts are one part.</summary>
    private const int DeepestPart = 50;

    public static readonly MailTree Empty = new(new MimeMessage(), [], new MailPart(null, 0, 0, 0));

    private MailTree(MimeMessage message, byte[] raw, MailPart root)
    {
        Message = message;
        Raw = raw;
        Root = root;
    }

    public MimeMessage Message { get; }

    public byte[] Raw { get; }

    public MailPart Root { get; }

    /// <returns>Null when the mail was deleted since.</returns>
    public static async Task<MailTree?> OfAsync(MailStore store, StoredMail mail)
    {
        try
        {
            return Of(await store.ReadAsync(mail, CancellationToken.None));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static MailTree Of(byte[] raw)
    {
        var places = new Dictionary<object, MailPart>(ReferenceEqualityComparer.Instance);
        using var stream = new MemoryStream(raw, writable: false);
        var options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = DeepestPart;
        var parser = new MimeParser(options, stream, MimeFormat.Entity);
        parser.MimeEntityEnd += (_, e) => places[e.Entity] = Part(e.Entity, raw, e.BeginOffset, e.HeadersEndOffset, e.EndOffset);
        parser.MimeMessageEnd += (_, e) => places[e.Message] = Part(e.Message.Body, raw, e.BeginOffset, e.HeadersEndOffset, e.EndOffset);
        try
        {
            var message = parser.ParseMessage(CancellationToken.None);
            return new MailTree(message, raw, Filled(places[message], message.Body, places));
        }
        catch (FormatException)
        {
            return new MailTree(new MimeMessage(), raw, new MailPart(null, 0, 0, raw.Length)); // not a mail: all of it is text
        }
    }

    /// <returns>Null when there is no such part (RFC 3501 §6.4.5).</returns>
    public MailPart? Find(IReadOnlyList<int> path)
    {
        var part = Root;
        var numbered = Numbered(Root);
        foreach (var number in path)
        {
            if (number > numbered.Count) return null;
            part = numbered[number - 1];
            numbered = part.Nested is { } nested ? Numbered(nested) : part.Children;
        }

        return part;
    }

    public ReadOnlySpan<byte> Header(MailPart part) => Raw.AsSpan(part.Begin, part.Body - part.Begin);

    public ReadOnlySpan<byte> Body(MailPart part) => Raw.AsSpan(part.Body, part.End - part.Body);

    /// <summary>Lines of a body, the last one also when nothing ends it.</summary>
    public int LinesOf(MailPart part)
    {
        var body = Body(part);
        return body.Count((byte)'\n') + (body.Length > 0 && body[^1] != '\n' ? 1 : 0);
    }

    /// <summary>A message that is not multipart has itself as part 1.</summary>
    private static IReadOnlyList<MailPart> Numbered(MailPart message) => message.Children.Count > 0 ? message.Children : [message];

    private static MailPart Part(MimeEntity? entity, byte[] raw, long begin, long headersEnd, long end)
    {
        var body = (int)Math.Min(headersEnd, end);
        if (body < end && raw[body] == '\r') body++; // the empty line belongs to the header (RFC 3501 §6.4.5)
        if (body < end && raw[body] == '\n') body++;
        return new MailPart(entity, (int)begin, body, (int)Math.Max(end, body));
    }

    private static MailPart Filled(MailPart part, MimeEntity? entity, Dictionary<object, MailPart> places) => entity switch
    {
        Multipart several => part with
        {
            Children = [.. several.Where(places.ContainsKey).Select(child => Filled(places[child], child, places))],
        },
        MessagePart { Message: { } message } when places.TryGetValue(message, out var nested) =>
            part with { Nested = Filled(nested, message.Body, places), NestedMessage = message },
        _ => part,
    };
}

/// <summary>One part: header from <paramref name="Begin"/>, body from <paramref name="Body"/>, offsets in the mail.</summary>
/// <param name="Entity">Null for what could not be read.</param>
internal sealed record MailPart(MimeEntity? Entity, int Begin, int Body, int End)
{
    public IReadOnlyList<MailPart> Children { get; init; } = [];

    /// <summary>The mail in a part of type message/rfc822.</summary>
    public MailPart? Nested { get; init; }

    public MimeMessage? NestedMessage { get; init; }
}
