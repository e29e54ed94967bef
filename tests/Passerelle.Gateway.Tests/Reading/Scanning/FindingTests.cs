using System.Text;
using Passerelle.Gateway.Reading.Scanning;

namespace Passerelle.Gateway.Tests.Reading.Scanning;

/// <summary>What scanners answer, word by word.</summary>
public sealed class FindingTests
{
    [Theory]
    [InlineData("stream: OK", "Clean")]
    [InlineData("stream: Win.Test.EICAR_HDB-1 FOUND", "Infected")]
    [InlineData("stream: Passerelle.Test.File.UNOFFICIAL FOUND", "Infected")]
    [InlineData("INSTREAM size limit exceeded. ERROR", "TooLarge")]
    [InlineData("stream: Can't allocate memory ERROR", "Later")]
    [InlineData("stream:  FOUND", "Later")]
    [InlineData("OK", "Later")]
    [InlineData("stream: OKAY", "Later")]
    [InlineData("HTTP/1.1 400 Bad Request", "Later")]
    [InlineData("UNKNOWN COMMAND", "Later")]
    [InlineData("", "Later")]
    public void An_answer_of_clamd_is_understood_or_asked_for_again(string reply, string expected) =>
        Assert.Equal(expected, ClamAv.FindingOf(reply).GetType().Name);

    [Fact]
    public void The_signature_is_what_stands_between() => Assert.Equal(
        "Win.Test FOUND in-it", Assert.IsType<MalwareFinding.Infected>(ClamAv.FindingOf("stream: Win.Test FOUND in-it FOUND")).Signature);

    [Theory]
    [InlineData("reject", true)]
    [InlineData("add header", true)]
    [InlineData("rewrite subject", true)]
    [InlineData("quarantine", true)]
    [InlineData("discard", true)]
    [InlineData("no action", false)]
    [InlineData("greylist", false)]
    [InlineData("soft reject", false)]
    public void What_rspamd_would_do_says_whether_it_is_spam(string action, bool spam)
    {
        var found = Assert.IsType<SpamFinding.Judged>(Find($$"""{"action":"{{action}}","score":7.254,"required_score":15.0,"symbols":{"LOW":{"score":0.1},"HIGH":{"score":-4} } }"""));
        Assert.Equal(spam, found.IsSpam);
        Assert.Equal($"rspamd: {action}, score 7.25 of 15 (HIGH, LOW)", found.Words);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"action":"reject"}""")]
    [InlineData("""{"action":7,"score":1,"required_score":2}""")]
    [InlineData("""{"action":"reject","score":"many","required_score":2}""")]
    [InlineData("""{"action":"explode","score":1,"required_score":2}""")]
    [InlineData("""{"action":"reject","score":1,"required_score":2,"symbols":{"A":{"score":"x"}}}""")]
    [InlineData("""{"action":"reject","score":1,"required_score":2,"symbols":{"A":1}}""")]
    public void Nonsense_of_rspamd_is_asked_for_again(string json) => Assert.IsType<SpamFinding.Later>(Find(json));

    private static SpamFinding Find(string json) => Rspamd.FindingOf(Encoding.UTF8.GetBytes(json));
}
