using System.IO.Pipelines;

namespace Passerelle.Smtp;

/// <summary>Puts replies on the wire (RFC 5321 §4.2): ASCII, one line each, at most 512 octets.</summary>
internal static class ReplyWriter
{
    private const int MaxText = 400;

    public static void Write(PipeWriter output, SmtpReply reply)
    {
        var line = output.GetSpan(MaxText + 32);
        var length = Code(line, reply.Code);
        line[length++] = (byte)' ';
        if (reply.Detail is { } detail)
        {
            line[length++] = line[0]; // the class digit is the code's own
            line[length++] = (byte)'.';
            length += Text(line[length..], detail, 7);
            line[length++] = (byte)' ';
        }
        length += Text(line[length..], reply.Text, MaxText);
        output.Advance(End(line, length));
    }

    /// <summary>A line of a reply of several; all but the last have a hyphen behind the code.</summary>
    public static void WriteLine(PipeWriter output, int code, string text, bool last)
    {
        var line = output.GetSpan(MaxText + 32);
        var length = Code(line, code);
        line[length++] = last ? (byte)' ' : (byte)'-';
        length += Text(line[length..], text, MaxText);
        output.Advance(End(line, length));
    }

    /// <summary>334 with a challenge: the only reply that may be longer than a line (RFC 4954 §4).</summary>
    public static void WriteChallenge(PipeWriter output, ReadOnlySpan<byte> challenge)
    {
        var line = output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(challenge.Length) + 8);
        "334 "u8.CopyTo(line);
        System.Buffers.Text.Base64.EncodeToUtf8(challenge, line[4..], out _, out var written);
        output.Advance(End(line, 4 + written));
    }

    private static int Code(Span<byte> line, int code)
    {
        line[0] = (byte)('0' + (code / 100));
        line[1] = (byte)('0' + (code / 10 % 10));
        line[2] = (byte)('0' + (code % 10));
        return 3;
    }

    private static int Text(Span<byte> line, string text, int max)
    {
        var length = Math.Min(text.Length, max);
        for (var i = 0; i < length; i++)
        {
            line[i] = text[i] switch
            {
                < ' ' or '\x7f' => (byte)' ',
                > '\x7f' => (byte)'?',
                var plain => (byte)plain,
            };
        }
        return length;
    }

    private static int End(Span<byte> line, int length)
    {
        line[length++] = (byte)'\r';
        line[length++] = (byte)'\n';
        return length;
    }
}
