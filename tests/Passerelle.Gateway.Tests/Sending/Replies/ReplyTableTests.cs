using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Sending.Replies;

namespace Passerelle.Gateway.Tests.Sending.Replies;

public sealed partial class ReplyTableTests
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr");

    /// <summary>facts/microsoft365.md §5.2 to §5.6, as they stand beside the repository.</summary>
    [Fact]
    public void Every_reply_of_the_facts_is_known_by_a_row_of_its_own_and_explained_in_both_languages()
    {
        var replies = FactReplies().ToList();
        Assert.True(replies.Count > 80, $"{replies.Count} replies");
        Assert.All(replies, reply =>
        {
            var row = ReplyTable.Find(reply);
            Assert.NotNull(row);
            Assert.False(SmtpReplyCodes.Of(reply).Class >= 4 && row.IsFamily, $"{reply}: only its family knows it");
            Assert.NotEqual(PhraseWords.In(row.Meaning, English), PhraseWords.In(row.Meaning, French));
        });
    }

    [Theory]
    [InlineData("250 2.0.0 OK <0a9f@contoso.example> [Hostname=X.prod.outlook.com]", "Settled", "Accepted")]
    [InlineData("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled", "Blocked", "SignIn")]
    [InlineData("454 4.7.0 Temporary authentication failure", "Retry", "SignIn")]
    [InlineData("554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed", "Blocked", "Permission")]
    [InlineData("432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "SlowDown", "Limit")]
    [InlineData("554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed", "SlowDown", "Limit")]
    [InlineData("550 5.7.233 - Your message can't be sent because your tenant has exceeded its daily limit", "SlowDown", "Limit")]
    [InlineData("451 4.7.612 Server busy. Please try again later", "SlowDown", "Throttled")]
    [InlineData("554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException", "Blocked", "Mailbox")]
    [InlineData("552 5.2.2 The mailbox is over its quota", "Dead", "Recipient")]
    [InlineData("550-5.1.1 The email account that you tried to reach\r\n550 5.1.1 does not exist", "Dead", "Recipient")]
    [InlineData("5.7.232", "SlowDown", "Limit")]
    [InlineData("No complete reply after the final dot (IOException)", "Unclear", "Connection")]
    [InlineData("Connection failed: ConnectionRefused", "Retry", "Connection")]
    public void A_known_reply_has_its_outcome(string reply, string fate, string about) =>
        Assert.Equal((fate, about), (ReplyTable.Find(reply)?.Fate.ToString(), ReplyTable.Find(reply)?.Class.ToString()));

    [Theory]
    [InlineData("550 5.1.99 never heard of", "Dead", "5.1.x")]
    [InlineData("451 4.4.99 never heard of", "Retry", "4.4.x")]
    [InlineData("450 5.1.1 the code says temporary", "Retry", "")] // RFC 5321 §4.2.1: the first digit decides
    [InlineData("571 odd", "Dead", "")]
    [InlineData("499 odd", "Retry", "")]
    public void An_unknown_reply_falls_to_the_family_of_its_status_then_of_its_code(string reply, string fate, string status)
    {
        var row = ReplyTable.Find(reply);
        Assert.Equal((fate, status), (row?.Fate.ToString(), row?.Status));
    }

    [Theory]
    [InlineData("")]
    [InlineData("The app is gone")]
    [InlineData("12 angry men")]
    public void What_is_no_reply_has_no_row(string words) => Assert.Null(ReplyTable.Find(words));

    [Fact]
    public void The_first_digit_is_never_contradicted() =>
        Gen.Select(Gen.Int[200, 599], Gen.Int[2, 5], Gen.Int[0, 7], Gen.Int[0, 750], Gen.Bool).Sample((code, digit, subject, detail, hasStatus) =>
        {
            var fate = ReplyTable.Find(hasStatus ? $"{code} {digit}.{subject}.{detail} said" : $"{code} said")?.Fate;
            Assert.Contains(fate!.Value, (code / 100) switch
            {
                2 => new[] { ReplyFate.Settled },
                3 => [ReplyFate.Unclear],
                4 => [ReplyFate.Retry, ReplyFate.SlowDown, ReplyFate.Blocked],
                _ => [ReplyFate.Dead, ReplyFate.SlowDown, ReplyFate.Blocked, ReplyFate.Retry],
            });
        });

    [Fact]
    public void A_pause_is_asked_for_exactly_where_the_letter_must_slow_down() =>
        Assert.All(ReplyTable.All, row => Assert.Equal(row.Fate is ReplyFate.SlowDown, row.Pause is not null));

    /// <summary>A row that an earlier one hides would never be said.</summary>
    [Fact]
    public void Every_row_is_reached() => Assert.All(ReplyTable.All, row => Assert.Same(row, ReplyTable.Find(Example(row))));

    /// <summary>PASSERELLE_WRITE_DOCS writes it anew.</summary>
    [Fact]
    public async Task The_page_in_the_docs_is_the_table()
    {
        var file = Path.Combine(Root(), "docs", "replies.md");
        var page = new StringBuilder()
            .AppendLine("# What the server says, and what becomes of the letter")
            .AppendLine()
            .AppendLine("Written by the tests from the table by which letters are judged; the first row that fits decides.")
            .AppendLine()
            .AppendLine("- **settled**: the server has it. **retry**: tried again by itself, later each time. **slow down**: tried again, not before the pause.")
            .AppendLine("- **blocked**: no letter of the app can leave until a person acts; none burns an attempt, one tries every hour, and when it leaves all do.")
            .AppendLine("- **dead**: refused for good; a person sees it. **unclear**: it may have left; evidence or a person decides.")
            .AppendLine()
            .AppendLine("| reply | outcome | about | meaning | sens | source |")
            .AppendLine("|---|---|---|---|---|---|");
        foreach (var row in ReplyTable.All)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"| {Asked(row)} | {Outcome(row)} | {Spaced(row.Class)} | {PhraseWords.In(row.Meaning, English)} | {PhraseWords.In(row.Meaning, French)} | {row.Source} |");
        }
        var written = page.Replace("\r\n", "\n").ToString();
        if (Environment.GetEnvironmentVariable("PASSERELLE_WRITE_DOCS") is { Length: > 0 }) await File.WriteAllTextAsync(file, written, TempStore.Cancel);
        Assert.Equal(written, await File.ReadAllTextAsync(file, TempStore.Cancel));
    }

    private static string Asked(ReplyRow row) => string.Join(' ', new[] { row.Code, row.Status, row.Words.Length > 0 ? $"…{row.Words}…" : "" }.Where(part => part.Length > 0));

    private static string Outcome(ReplyRow row) => row.Pause is { } pause
        ? string.Create(CultureInfo.InvariantCulture, $"{Spaced(row.Fate)}, {pause.TotalMinutes} min")
        : Spaced(row.Fate);

    private static string Spaced(Enum word) => Capital().Replace(word.ToString(), " $1").TrimStart().ToLowerInvariant();

    /// <summary>Codes that no row of its own stands for are taken where a row asks for a class.</summary>
    private static string Example(ReplyRow row)
    {
        var status = row.Status.EndsWith('x') ? $"{row.Status[..^1]}998" : row.Status.Split('-')[0];
        var code = row.Code.EndsWith('x') ? $"{row.Code[0]}98" : row.Code;
        if (code.Length == 0 && status.Length == 0) return char.IsUpper(row.Words[0]) && row.Class is ReplyClass.Connection ? row.Words : row.Class is ReplyClass.Connection or ReplyClass.Tls ? $"… {row.Words}" : $"554 5.2.0 {row.Words}";
        return $"{code} {status} {row.Words}".Trim();
    }

    private static IEnumerable<string> FactReplies()
    {
        var facts = Path.Combine(Directory.GetParent(Root())!.FullName, "shared", "facts", "microsoft365.md"); // a clone lies in a folder
        if (!File.Exists(facts)) Assert.Skip("../shared/facts is not here");
        var text = File.ReadAllText(facts);
        var section = text[text.IndexOf("### 5.2 ", StringComparison.Ordinal)..text.IndexOf("### 5.7 ", StringComparison.Ordinal)];
        var told = Wire().Matches(section).Concat(Quoted().Matches(section)).SelectMany(match => match.Groups[1].Value.ReplaceLineEndings(" ").Split(" / "));
        return told.SelectMany(Ends).Where(reply => SmtpReplyCodes.Of(reply).Code > 0);
    }

    /// <summary>"550 5.7.501–5.7.503 …": the ends, and what is between them.</summary>
    private static IEnumerable<string> Ends(string reply)
    {
        if (Range().Match(reply) is not { Success: true } range) return [reply];
        int from = int.Parse(range.Groups["from"].Value, CultureInfo.InvariantCulture), to = int.Parse(range.Groups["to"].Value, CultureInfo.InvariantCulture);
        return new[] { from, (from + to) / 2, to }.Select(detail => $"{range.Groups["code"].Value}{range.Groups["subject"].Value}.{detail}{range.Groups["rest"].Value}");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // tests run inside a clone
        return folder.FullName;
    }

    [GeneratedRegex(@"^S: (\d{3}[ -].*)$", RegexOptions.Multiline)]
    private static partial Regex Wire();

    [GeneratedRegex("(?<!`)`([^`]+)`(?!`)")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?<code>\d{3} )?(?<subject>\d\.\d+)\.(?<from>\d+)–\d\.\d+\.(?<to>\d+)(?<rest>.*)$")]
    private static partial Regex Range();

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Capital();
}
