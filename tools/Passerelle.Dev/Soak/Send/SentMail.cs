using System.Globalization;
using System.Text;
using Passerelle.Gateway.Queue;

namespace Passerelle.Dev.Soak.Send;

/// <summary>A mail that says in its first line which it is, in which lane it waits and since when: the sink believes the mail, and nobody else.</summary>
internal readonly record struct SentMail(Guid Id, LetterLane Lane, DateTimeOffset WrittenAt)
{
    private const string Name = "X-Soak: ";
    private static readonly string Rest =
        "From: Support <support@contoso.example>\r\nTo: ann@fabrikam.example\r\nSubject: A report\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: text/plain; charset=us-ascii\r\n\r\n"
        + string.Concat(Enumerable.Repeat("What was ordered is on its way, and this line is as long as others are.\r\n", 20));

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Name}{Id:N} {(int)Lane} {WrittenAt.ToUnixTimeMilliseconds()}\r\n{Rest}"));

    /// <param name="mail">At least its first line.</param>
    public static SentMail Of(ReadOnlySpan<byte> mail)
    {
        var words = Encoding.ASCII.GetString(mail[Name.Length..mail.IndexOf((byte)'\r')]).Split(' ');
        return new(
            Guid.Parse(words[0]), (LetterLane)int.Parse(words[1], CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(words[2], CultureInfo.InvariantCulture)));
    }
}
