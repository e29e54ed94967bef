using System.Formats.Asn1;
using System.IO.Compression;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>S/MIME that packs the mail into its signature (RFC 8551 §3.5.2) or compresses it (§3.6): what is packed can be read without a
/// key. Enveloped data cannot, and stays as it is.</summary>
internal static class OpaqueContent
{
    /// <summary>Signed within compressed within signed (RFC 8551 §3.8), and one more.</summary>
    private const int Deepest = 4;

    private const string SignedData = "1.2.840.113549.1.7.2", CompressedData = "1.2.840.113549.1.9.16.1.9";

    private static readonly Asn1Tag Explicit = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Puts what is packed beside what packed it, as a clear-signed mail has them (RFC 8551 §3.5.3).</summary>
    public static void OpenIn(MimeMessage message, ReadingBounds bounds)
    {
        if (message.Body is { } body) message.Body = Opened(body, bounds, Deepest);
    }

    public static bool IsOne(MimeEntity? entity) =>
        entity is MimePart && (entity.ContentType.IsMimeType("application", "pkcs7-mime") || entity.ContentType.IsMimeType("application", "x-pkcs7-mime")
            || (entity.ContentType.IsMimeType("application", "octet-stream") && (entity.ContentDisposition?.FileName ?? entity.ContentType.Name ?? "").EndsWith(".p7m", StringComparison.OrdinalIgnoreCase)));

    private static MimeEntity Opened(MimeEntity entity, ReadingBounds bounds, int depth)
    {
        if (entity is Multipart multipart)
        {
            for (int i = 0; i < multipart.Count; i++)
            {
                if (multipart[i] is Multipart || IsOne(multipart[i])) multipart[i] = Opened(multipart[i], bounds, depth);
            }
        }
        if (depth == 0 || !IsOne(entity) || Packed(entity, bounds) is not { } packed || Entity(packed, bounds) is not { } inner) return entity;
        var both = new Multipart("signed") { Opened(inner, bounds, depth - 1), entity };
        both.ContentType.Parameters["protocol"] = "application/pkcs7-signature";
        return both;
    }

    /// <returns>Null when nothing is packed, or nothing that can be opened.</returns>
    private static byte[]? Packed(MimeEntity entity, ReadingBounds bounds)
    {
        if (entity is not MimePart { Content: { } content }) return null;
        using var bytes = new MemoryStream();
        content.WriteDecodedTo(bytes);
        try
        {
            // RFC 5652 §3: ContentInfo. Old programs write BER of no certain length.
            AsnReader info = new AsnReader(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), AsnEncodingRules.BER).ReadSequence();
            return info.ReadObjectIdentifier() switch
            {
                SignedData => Encapsulated(info.ReadSequence(Explicit).ReadSequence(), isAlgorithmSet: true),
                CompressedData when Encapsulated(info.ReadSequence(Explicit).ReadSequence(), isAlgorithmSet: false) is { } small => Inflated(small, bounds),
                _ => null,
            };
        }
        catch (Exception broken) when (broken is AsnContentException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>version, algorithms, encapContentInfo (RFC 5652 §5.1, RFC 3274 §1.1); a detached signature has no content.</summary>
    private static byte[]? Encapsulated(AsnReader data, bool isAlgorithmSet)
    {
        data.ReadInteger();
        if (isAlgorithmSet) data.ReadSetOf(skipSortOrderValidation: true);
        else data.ReadSequence();
        AsnReader encapsulated = data.ReadSequence();
        encapsulated.ReadObjectIdentifier();
        return encapsulated.HasData ? encapsulated.ReadSequence(Explicit).ReadOctetString() : null;
    }

    private static byte[]? Inflated(byte[] small, ReadingBounds bounds)
    {
        using var inflated = new BoundedStream((int)Math.Min(bounds.MaxDecodedBytes, Unpackable));
        using var reader = new ZLibStream(new MemoryStream(small), CompressionMode.Decompress);
        reader.CopyTo(inflated);
        return inflated.Overflowed ? null : inflated.ToArray();
    }

    /// <summary>As zip and gzip of reports.</summary>
    private const long Unpackable = 32 * 1024 * 1024;

    private static MimeEntity? Entity(byte[] packed, ReadingBounds bounds)
    {
        try
        {
            return RawMail.ParseEntity(new MemoryStream(packed, writable: false), bounds);
        }
        catch (FormatException)
        {
            return null; // signed, and no MIME that we read: it stays a file
        }
    }
}
