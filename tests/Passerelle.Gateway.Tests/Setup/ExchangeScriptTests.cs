using Passerelle.Gateway.Setup;
using Passerelle.Gateway.Tests.Apps;

namespace Passerelle.Gateway.Tests.Setup;

public sealed class ExchangeScriptTests
{
    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("O'Hara", "'O''Hara'")]
    [InlineData("O\u2019Hara", "'O\u2019\u2019Hara'")]
    [InlineData("$(Remove-Mailbox all)", "'$(Remove-Mailbox all)'")]
    [InlineData("two\nlines", "'two lines'")]
    public void Text_is_quoted_so_that_nothing_in_it_runs(string text, string quoted) => Assert.Equal(quoted, PowerShellText.Quoted(text));

    [Fact]
    public void A_name_with_a_line_break_cannot_leave_its_comment()
    {
        var script = ExchangeScript.Of(SomeApp.Connected with { AssetName = "Support\r\nRemove-Mailbox all" }).ToDo();
        Assert.DoesNotContain(script.Split('\n'), line => line.StartsWith("Remove-Mailbox", StringComparison.Ordinal));
    }

    [Fact]
    public void The_script_stops_before_it_overwrites_what_an_earlier_run_noted()
    {
        var lines = ExchangeScript.Of(SomeApp.Connected).ToDo().Split('\n').ToList();
        Assert.True(
            lines.FindIndex(line => line.StartsWith("if (Test-Path", StringComparison.Ordinal))
            < lines.FindIndex(line => line.StartsWith("$now", StringComparison.Ordinal)));
    }
}
