using System.Text;

namespace Passerelle.Mail.Tests.Bodies;

public class DecodingTests
{
    [Theory]
    [InlineData("SGVsbG8=", "Hello")]
    [InlineData("SGVsbG8", "Hello")]
    [InlineData("SGVsbA", "Hell")]
    [InlineData("SGVs\r\nbG8", "Hello")]
    [InlineData("SGVs!bG8=", "Hello")]
    [InlineData("SGVsbA==SGVsbG8=", "HellHello")]
    [InlineData("SGVsbG8=\r\n\r\n-- \r\n", "Hello")]
    [InlineData("S", "")]
    [InlineData("====", "")]
    public void Base64_that_lost_its_padding_loses_no_byte(string written, string content)
    {
        byte[] raw = Encoding.ASCII.GetBytes($"From: ann@fabrikam.example\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{written}\r\n");
        using var part = new MemoryStream();
        Assert.True(MailParts.Write(new MemoryStream(raw), "1", part, new ReadingBounds()));
        Assert.Equal(content, Encoding.ASCII.GetString(part.ToArray()));
        Assert.Equal(content, Mails.Read($"From: ann@fabrikam.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{written}\n").Text);
    }

    [Fact]
    public void Base64_of_any_length_comes_out_whole_over_the_borders_of_blocks()
    {
        byte[] content = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut < 4; cut++)
        {
            string written = Convert.ToBase64String(content.AsSpan(cut), Base64FormattingOptions.InsertLineBreaks).TrimEnd('=');
            using var part = new MemoryStream();
            MailParts.Write(new MemoryStream(Encoding.ASCII.GetBytes($"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{written}\r\n")), "1", part, new ReadingBounds());
            Assert.Equal(content[cut..], part.ToArray());
        }
    }
}
