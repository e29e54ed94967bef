using Passerelle.Gateway.Setup;

namespace Passerelle.Gateway.Tests.Setup;

public sealed class PowerShellTextTests
{
    [Theory]
    [InlineData("support@contoso.example", "'support@contoso.example'")]
    [InlineData("o'neil@contoso.example", "'o''neil@contoso.example'")]
    [InlineData("a\u2019;rm\u2018@contoso.example", "'a\u2019\u2019;rm\u2018\u2018@contoso.example'")]
    [InlineData("$(calc)`@contoso.example", "'$(calc)`@contoso.example'")]
    public void What_stands_in_quotes_stays_a_value(string value, string quoted) => Assert.Equal(quoted, PowerShellText.Quoted(value));
}
