using System.Text;
using Passerelle.Gateway.Sending;

namespace Passerelle.Gateway.Tests.Sending;

public sealed class DottedMailTests
{
    [Theory]
    [InlineData("Subject: a\r\n\r\nb\r\n", "Subject: a\r\n\r\nb\r\n.\r\n")]
    [InlineData("a", "a\r\n.\r\n")] // the last line gets its end
    [InlineData("", ".\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    [InlineData(".\r\n..\r\n.a", "..\r\n...\r\n..a\r\n.\r\n")]
    [InlineData("a\n.\nb", "a\r\n..\r\nb\r\n.\r\n")] // no server may see an end where another sees none
    [InlineData("a\r.\rb", "a\r\n..\r\nb\r\n.\r\n")]
    [InlineData("a\r\r\n.\r\n", "a\r\n\r\n..\r\n.\r\n")]
    [InlineData("a\r\n\r\n", "a\r\n\r\n.\r\n")]
    public void A_mail_becomes_what_DATA_wants_whatever_the_buffer(string mail, string wire)
    {
        for (var size = 10; size < 64; size++) Assert.Equal(wire, Written(mail, size));
    }

    [Fact]
    public void A_mail_of_usual_lines_goes_in_one_piece()
    {
        var mail = string.Concat(Enumerable.Repeat(new string('a', 70) + "\r\n", 70));
        Assert.Equal(mail + ".\r\n", Written(mail, DottedMail.Roughly(mail.Length)));
    }

    private static string Written(string mail, int size)
    {
        var dotted = new DottedMail(Encoding.Latin1.GetBytes(mail));
        var buffer = new byte[size];
        var wire = new StringBuilder();
        while (!dotted.IsDone) wire.Append(Encoding.Latin1.GetString(buffer, 0, dotted.WriteTo(buffer)));
        return wire.ToString();
    }
}
