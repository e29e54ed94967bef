using System.Text;

namespace Passerelle.Lab.Exchange;

/// <summary>Changes one field of a mail and no other byte.</summary>
internal static class HeaderEdit
{
    /// <summary>Gives the first field of that name, its folded lines included, another value.</summary>
    public static byte[] Replace(byte[] raw, string field, string value)
    {
        var name = Encoding.ASCII.GetBytes(field + ":");
        for (var start = 0; start < raw.Length && raw[start] is not ((byte)'\r' or (byte)'\n');)
        {
            var end = EndOfField(raw, start);
            if (raw.Length - start >= name.Length && Ascii.EqualsIgnoreCase(raw.AsSpan(start, name.Length), name))
                return [.. raw[..start], .. Encoding.UTF8.GetBytes($"{field}: {value}\r\n"), .. raw[end..]];
            start = end;
        }

        return raw;
    }

    private static int EndOfField(byte[] raw, int start)
    {
        for (var i = start; i < raw.Length; i++)
        {
            if (raw[i] == '\n' && (i + 1 == raw.Length || raw[i + 1] is not ((byte)' ' or (byte)'\t'))) return i + 1;
        }

        return raw.Length;
    }
}
