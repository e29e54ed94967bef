using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Passerelle.Clients.Tests.Senders;

/// <summary>A mail as a file, for programs that read one; lines end in CRLF.</summary>
/// <param name="Content">Decoded: what must come through as it is, however the sender encodes it.</param>
internal sealed record MailOnDisk(string Path, string Subject, byte[] Content) : IDisposable
{
    public const string From = "ann@fabrikam.example";

    private const int LargeBytes = 12 * 1024 * 1024;

    /// <summary>Dots at line starts, eight-bit text, a line that looks like the end of another mail.</summary>
    public static MailOnDisk Small(string subject)
    {
        var text = "Grüße aus Zürich\r\n.\r\n..\r\n.dot\r\nFrom here on\r\n\r\nAnn\r\n"u8.ToArray();
        return Write(subject, "text/plain; charset=utf-8", "8bit", text, text);
    }

    public static MailOnDisk Large(string subject)
    {
        var content = RandomNumberGenerator.GetBytes(LargeBytes);
        var lines = Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks) + "\r\n";
        return Write(subject, "application/octet-stream; name=\"large.bin\"", "base64", Encoding.ASCII.GetBytes(lines), content);
    }

    public void Dispose() => File.Delete(Path);

    private static MailOnDisk Write(string subject, string type, string encoding, byte[] body, byte[] content)
    {
        var path = System.IO.Path.GetTempFileName();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var header = string.Create(CultureInfo.InvariantCulture, $"""
            From: Ann <{From}>
            To: support@contoso.example
            Subject: {subject}
            Date: Wed, 04 Nov 2026 10:00:00 +0000
            Message-ID: <{id}@fabrikam.example>
            MIME-Version: 1.0
            Content-Type: {type}
            Content-Transfer-Encoding: {encoding}


            """).ReplaceLineEndings("\r\n");
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes(header), .. body]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100); // a mail server's own user reads it
        return new MailOnDisk(path, subject, content);
    }
}
