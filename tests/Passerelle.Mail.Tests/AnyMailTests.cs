using System.Diagnostics;

namespace Passerelle.Mail.Tests;

public class AnyMailTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A person forwards a bounce to himself: to us that is a person.</summary>
    private const string ForwardedByHand = "lhost-sendmail/lhost-sendmail-14.eml";

    [Theory]
    [InlineData("mime-")]
    [InlineData("inbound-")]
    [InlineData("reply-")]
    [InlineData("feedback-")]
    [InlineData("html-")]
    [InlineData("smtp-")]
    [InlineData("tnef-")]
    public void No_file_of_the_corpora_makes_the_reader_fail_or_hang(string prefix)
    {
        int read = 0;
        foreach (string file in Corpora.Mails(prefix))
        {
            long start = Stopwatch.GetTimestamp();
            ReadMail mail = MailReader.Read(File.ReadAllBytes(file), new ReadingContext());
            Assert.True(Stopwatch.GetElapsedTime(start) < Longest, $"{file} took {Stopwatch.GetElapsedTime(start)}");
            Assert.False(mail.Judgement.Evidence.StartsWith("Parser failed", StringComparison.Ordinal), $"{file}: {mail.Judgement.Evidence}");
            Assert.Equal(64, mail.Digest.Length);
            read++;
        }
        Assert.True(read > 0);
    }

    [Fact]
    public void No_bounce_of_the_corpus_is_taken_for_a_person()
    {
        var wrong = Corpora.Cases("bounce-sisimai")
            .Where(one => one.Expect.GetProperty("kind").GetString() != "not-a-bounce" && one.File != ForwardedByHand)
            .Select(one => (one.File, Mail: Corpora.Read("bounce-sisimai", one.File)))
            .Where(one => one.Mail.Kind is MailKind.Human)
            .Select(one => $"{one.File}: {one.Mail.From} {one.Mail.Subject}")
            .ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong)}");
    }
}
