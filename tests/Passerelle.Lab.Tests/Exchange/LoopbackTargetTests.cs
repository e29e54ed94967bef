using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

public class LoopbackTargetTests
{
    [Theory]
    [InlineData("127.0.0.1:2525", "127.0.0.1:2525")]
    [InlineData("localhost:25", "127.0.0.1:25")]
    [InlineData("[::1]:25", "[::1]:25")]
    public void Loopback_is_taken(string text, string target) => Assert.Equal(target, LoopbackTarget.TryParse(text)?.ToString());

    [Theory]
    [InlineData("192.0.2.1:25")]
    [InlineData("10.0.0.1:25")]
    [InlineData("0.0.0.0:25")]
    [InlineData("mail.adatum.example:25")]
    [InlineData("localhost.adatum.example:25")]
    [InlineData("[::]:25")]
    [InlineData("[2001:db8::1]:25")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("")]
    [InlineData(null)]
    public void Everything_else_is_refused(string? text) => Assert.Null(LoopbackTarget.TryParse(text));
}
