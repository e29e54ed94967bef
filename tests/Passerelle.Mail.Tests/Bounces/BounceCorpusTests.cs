using System.Text.Json;

namespace Passerelle.Mail.Tests.Bounces;

/// <summary>Real reports of some seventy mail servers and services, held against what Sisimai's tests assert of them.</summary>
public class BounceCorpusTests
{
    private const string Folder = "bounce-sisimai";

    private static readonly Lazy<List<(string File, JsonElement Expect, ReadMail Mail)>> Read =
        new(() => [.. Corpora.Cases(Folder).Select(one => (one.File, one.Expect, Mails.Read(Folder, one.File)))]);

    [Fact, Corpus]
    public void Reports_are_told_from_other_mail()
    {
        var kind = new Tally(Folder, "kind");
        foreach (var (file, expect, mail) in Read.Value)
        {
            string wanted = Text(expect, "kind")!; // every case has one
            kind.Count(Is(mail.Kind, wanted), () => $"{file}: {wanted} / {mail.Kind} ({mail.Judgement.Evidence})");
        }
        kind.Reaches();
    }

    [Fact, Corpus]
    public void Reports_tell_who_failed() => Count("recipient", (_, told, wanted) => told is not null, "recipient");

    [Fact, Corpus]
    public void Reports_tell_whether_it_is_for_good() =>
        Count("class", (_, told, wanted) => told?.Class?.ToString(System.Globalization.CultureInfo.InvariantCulture) == Text(wanted, "statusClass"), "statusClass");

    [Fact, Corpus]
    public void Reports_tell_the_status() => Count("status (asserted)", (_, told, wanted) => told?.Status == Text(wanted, "status"), "status");

    [Fact, Corpus]
    public void Reports_tell_the_reason() => Count("reason (asserted)", (_, told, wanted) => told?.Reason == Text(wanted, "reason"), "reason");

    private static void Count(string field, Func<ReadMail, ReportedRecipient?, JsonElement, bool> right, string asserted)
    {
        var tally = new Tally(Folder, field);
        foreach (var (file, expect, mail) in Read.Value)
        {
            if (!expect.TryGetProperty("bounces", out JsonElement bounces)) continue;
            foreach (JsonElement wanted in bounces.EnumerateArray())
            {
                if (Text(wanted, asserted) is not { } value) continue; // absent: asserts nothing
                if (field.EndsWith("(asserted)", StringComparison.Ordinal) && !Text(wanted, "basis")!.StartsWith("asserted", StringComparison.Ordinal)) continue;
                ReportedRecipient? told = mail.Reported.FirstOrDefault(one => string.Equals(one.Recipient, Text(wanted, "recipient"), StringComparison.OrdinalIgnoreCase));
                tally.Count(right(mail, told, wanted), () =>
                    $"{file}: {value} / {(told is null ? $"({string.Join(", ", mail.Reported.Select(one => one.Recipient))})" : $"{told.Status} {told.Class} {told.Reason} [{told.Diagnostic?[..Math.Min(told.Diagnostic.Length, 230)]}]")}");
            }
        }
        tally.Reaches();
    }

    private static bool Is(MailKind kind, string wanted) => wanted switch
    {
        "bounce" => kind is MailKind.Bounce or MailKind.Delay,
        "delivered" => kind is MailKind.DeliveryNotice,
        "feedback-report" => kind is MailKind.FeedbackReport,
        "not-a-bounce" => kind is not (MailKind.Bounce or MailKind.Delay),
        _ => false,
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
