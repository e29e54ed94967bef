using System.Text;
using Passerelle.Dev.Soak.Read;

namespace Passerelle.Mail.Tests;

public class BoundsTests
{
    /// <summary>Of a processor, in a build that is not optimised.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Fact]
    public void Too_many_headers_make_a_mail_unreadable() => IsUnreadable(Repeat("X-A: b\r\n", 5_000) + "\r\nx", "4000 headers");

    [Fact]
    public void Headers_that_are_too_long_make_a_mail_unreadable() => IsUnreadable($"X-A: {new string('a', 2_000_000)}\r\n\r\nx", "bytes");

    [Fact]
    public void Too_many_parts_make_a_mail_unreadable() =>
        IsUnreadable("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Repeat("--b\r\n\r\nx\r\n", 1_100) + "--b--", "1000 parts");

    [Fact]
    public void Parts_nested_too_deep_make_a_mail_unreadable()
    {
        var raw = new StringBuilder();
        for (int i = 0; i < 60; i++) raw.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{i:D4}\r\n\r\n--b{i:D4}\r\n");
        IsUnreadable(raw + "\r\nx", "nested");
    }

    [Fact]
    public void Messages_within_messages_are_bounded_too() => IsUnreadable(Repeat("Content-Type: message/rfc822\r\n\r\n", 60) + "\r\nx", "nested");

    [Fact]
    public void Contents_that_are_too_large_make_a_mail_unreadable()
    {
        ReadMail mail = Mails.Read("Subject: x\r\n\r\n" + new string('a', 2_000), new ReadingContext { Bounds = new ReadingBounds { MaxDecodedBytes = 1_000 } });
        Assert.Equal(MailKind.Unreadable, mail.Kind);
        Assert.NotNull(AutomaticAnswers.ReasonAgainst(mail, [], _ => false));
    }

    [Fact]
    public void Long_text_is_cut_and_says_so()
    {
        ReadMail mail = Mails.Read("Subject: x\r\n\r\n" + new string('a', 2_000), new ReadingContext { Bounds = new ReadingBounds { MaxTextCharacters = 100 } });
        Assert.Equal(new string('a', 100) + "\n[cut]", mail.Text);
    }

    public static TheoryData<string> HeavyHtml => new(
        Repeat("<div>", 100_000),
        Repeat("<p><b><i><font color=1>", 20_000),
        "<p>" + string.Concat(Enumerable.Range(0, 400).Select(i => $"<b id={i}>")) + "</p>" + Repeat("<p>x</p>", 100_000),
        Repeat("<table><tr><td>", 30_000),
        Repeat("<a href=x>", 100_000),
        Repeat("<svg><math>", 50_000),
        Repeat("<!--", 400_000),
        Repeat("<", 1_900_000),
        Repeat("&amp", 400_000),
        "<p style='" + Repeat("color:red;", 100_000) + "'>x</p>",
        Repeat("<p style='color:red'>x</p>", 50_000),
        Repeat("<select><option>", 50_000));

    [Theory, MemberData(nameof(HeavyHtml))]
    public void Html_made_to_be_heavy_is_read_in_bounded_time(string html)
    {
        TimeSpan worked = ThreadClock.Time(() => Assert.NotEqual(MailKind.Unreadable, Mails.Read("Content-Type: text/html\r\n\r\n" + html).Kind));
        Assert.True(worked < Longest, worked.ToString());
    }

    public static TheoryData<string> HeavyHeaders => new(
        "To: " + Repeat("(", 900_000),
        "To: " + Repeat("<", 900_000),
        "To: " + Repeat("a@b.example,", 75_000),
        "To: " + Repeat("g:", 450_000),
        "From: " + Repeat("\"", 900_001),
        "References: " + Repeat("<", 900_000),
        "References: " + Repeat("<a@b>", 180_000),
        "Subject: " + Repeat("=?utf-8?q?=41?= ", 56_000),
        "Subject: " + Repeat("=?", 450_000),
        "Subject: " + Repeat("re: ", 225_000),
        "Content-Type: text/plain" + Repeat("; a=b", 180_000),
        "Content-Type: text/plain; a*0=" + Repeat("b; a*1=", 120_000),
        "Date: " + Repeat("1 ", 450_000),
        "Auto-Submitted: " + Repeat("(", 900_000));

    [Theory, MemberData(nameof(HeavyHeaders))]
    public void Headers_made_to_be_heavy_are_read_in_bounded_time(string header)
    {
        TimeSpan worked = ThreadClock.Time(() => Mails.Read(header + "\r\n\r\nx"));
        Assert.True(worked < Longest, worked.ToString());
    }

    public static TheoryData<string> HeavyCalendars => new(
        "BEGIN:VTIMEZONE\nTZID:A\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+0100\n" + Repeat("RDATE:19990101T000000,19990102T000000\n", 20_000) + "END:STANDARD\nEND:VTIMEZONE\n" + Repeat("BEGIN:VEVENT\nDTSTART;TZID=A:20260101T000000\nDTEND;TZID=A:20260101T000000\nEND:VEVENT\n", 2_000),
        "BEGIN:VTIMEZONE\nTZID:A\n" + Repeat("BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+0100\nEND:STANDARD\n", 15_000) + "END:VTIMEZONE\n" + Repeat("BEGIN:VEVENT\nDTSTART;TZID=A:20260101T000000\nEND:VEVENT\n", 2_000),
        "BEGIN:VEVENT\n" + Repeat("RRULE:FREQ=YEARLY\n", 90_000) + "END:VEVENT\n",
        Repeat("BEGIN:VEVENT\n" + Repeat("ATTENDEE:a\n", 5_000) + "END:VEVENT\n", 19));

    [Theory, MemberData(nameof(HeavyCalendars))]
    public void Calendars_made_to_be_heavy_are_read_in_bounded_time_and_memory(string items)
    {
        string raw = $"Content-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR\n{items}END:VCALENDAR\n";
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan worked = ThreadClock.Time(() => Assert.NotEmpty(Mails.Read(raw).Calendars));
        Assert.True(worked < Longest, worked.ToString());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600L * 1024 * 1024);
    }

    [Theory]
    [InlineData("From ann@fabrikam.example Mon May  2 16:07:05 2005\r")]
    [InlineData("From ann@fabrikam.example Mon May  2 16:07:05 2005")]
    [InlineData("From ann@fabrikam.example Mon May  2 16:07:05 2005\rSubject: x")]
    public async Task A_line_of_an_mbox_and_nothing_else_is_read_to_its_end(string raw)
    {
        var reading = Task.Run(() => OneRead.Of(Encoding.ASCII.GetBytes(raw)), TestContext.Current.CancellationToken);
        Assert.NotEmpty(await reading.WaitAsync(Longest, TestContext.Current.CancellationToken));
    }

    private static void IsUnreadable(string raw, string reason)
    {
        ReadMail mail = Mails.Read(raw);
        Assert.Equal(MailKind.Unreadable, mail.Kind);
        Assert.Contains(reason, mail.Judgement.Evidence, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
