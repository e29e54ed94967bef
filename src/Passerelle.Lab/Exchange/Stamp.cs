using System.Text;
using MimeKit.Utils;

namespace Passerelle.Lab.Exchange;

/// <summary>Puts trace headers on top of a mail without touching a byte of what is there (RFC 5321 §4.4), so that every
/// signature below still verifies.</summary>
internal sealed class Stamp
{
    private const int FoldAfter = 76;
    private readonly StringBuilder _headers = new();

    /// <summary>The first header added ends up on top.</summary>
    public Stamp Add(string name, string value)
    {
        var column = name.Length + 1;
        _headers.Append(name).Append(':');
        foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column + word.Length + 1 > FoldAfter && column > name.Length + 1)
            {
                _headers.Append("\r\n");
                column = 0;
            }

            _headers.Append(' ').Append(word);
            column += word.Length + 1;
        }

        _headers.Append("\r\n");
        return this;
    }

    public Stamp AddWhen(bool wanted, string name, string value) => wanted ? Add(name, value) : this;

    public Stamp Received(string from, string by, string with, DateTimeOffset now) =>
        Add("Received", $"from {from} by {by} with {with} id 15.20.9356.11; {DateUtils.FormatDate(now)}");

    public byte[] On(byte[] raw)
    {
        var top = Encoding.UTF8.GetBytes(_headers.ToString());
        var stamped = new byte[top.Length + raw.Length];
        top.CopyTo(stamped, 0);
        raw.CopyTo(stamped, top.Length);
        return stamped;
    }
}
