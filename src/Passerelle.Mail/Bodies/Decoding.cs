using System.Buffers;
using MimeKit;

namespace Passerelle.Mail.Bodies;

/// <summary>The bytes of a part without their transfer encoding. Base64 is decoded here: MimeKit drops the last characters where a program or
/// a cut left the padding out (RFC 2045 §6.8 wants it), and with them up to two bytes of what somebody sent.</summary>
internal static class Decoding
{
    private const int Block = 16 * 1024;

    /// <summary>Value of each character; 64 for the padding, 255 for what does not count (RFC 2045 §6.8: "must be ignored").</summary>
    private static readonly byte[] Values = Table();

    public static void WriteDecodedTo(this IMimeContent content, Stream to)
    {
        if (content.Encoding is not ContentEncoding.Base64)
        {
            content.DecodeTo(to);
            return;
        }
        if (content.Stream is not { } encoded) return;
        encoded.Position = 0;
        byte[] read = ArrayPool<byte>.Shared.Rent(Block), decoded = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            (uint Bits, int Characters) held = default;
            while (encoded.Read(read, 0, Block) is > 0 and var count)
            {
                int length = Decode(read.AsSpan(0, count), decoded, ref held, out bool ended);
                to.Write(decoded, 0, length);
                if (ended) return;
            }
            to.Write(decoded, 0, Flush(decoded, 0, ref held));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(read);
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    /// <param name="held">Characters that do not make three bytes yet.</param>
    /// <param name="ended">What follows is not of it any more.</param>
    private static int Decode(ReadOnlySpan<byte> read, Span<byte> decoded, ref (uint Bits, int Characters) held, out bool ended)
    {
        ended = false;
        int length = 0;
        for (int i = 0; i < read.Length; i++)
        {
            byte value = Values[read[i]];
            if (value == 255) continue;
            if (value == 64)
            {
                length += Flush(decoded, length, ref held); // some programs encode in pieces, each with its own end
                ended = IsFooter(read[(i + 1)..]);
                if (ended) return length;
                continue;
            }
            held = ((held.Bits << 6) | value, held.Characters + 1);
            if (held.Characters < 4) continue;
            decoded[length++] = (byte)(held.Bits >> 16);
            decoded[length++] = (byte)(held.Bits >> 8);
            decoded[length++] = (byte)held.Bits;
            held = default;
        }
        return length;
    }

    /// <summary>What follows an end is words: lists and gateways add their lines below, whatever the encoding.</summary>
    private static bool IsFooter(ReadOnlySpan<byte> behind)
    {
        ReadOnlySpan<byte> next = behind.TrimStart("= \t\r\n"u8);
        int end = next.IndexOfAny((byte)'\r', (byte)'\n');
        foreach (byte character in (end < 0 ? next : next[..end]).TrimEnd(" \t"u8))
        {
            if (Values[character] == 255) return true;
        }
        return false;
    }

    /// <summary>Two characters hold a byte, three hold two; one holds nothing.</summary>
    private static int Flush(Span<byte> decoded, int at, ref (uint Bits, int Characters) held)
    {
        int bytes = Math.Max(0, held.Characters - 1);
        uint bits = held.Bits << (6 * (4 - held.Characters));
        for (int i = 0; i < bytes; i++) decoded[at + i] = (byte)(bits >> (16 - 8 * i));
        held = default;
        return bytes;
    }

    private static byte[] Table()
    {
        var values = new byte[256];
        Array.Fill(values, (byte)255);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
        for (int i = 0; i < Alphabet.Length; i++) values[Alphabet[i]] = (byte)i;
        return values;
    }
}
