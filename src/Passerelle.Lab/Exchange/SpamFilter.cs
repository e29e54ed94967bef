using MimeKit;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Where the filter of an organisation puts a mail, and the marks that it leaves.</summary>
internal static class SpamFilter
{
    private const int JunkFrom = 5;

    /// <summary>The test string that every filter takes for spam (GTUBE).</summary>
    private const string Gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    /// <returns>Inbox, Junk or Quarantine.</returns>
    public static MailFolder FolderOf(MailFlow flow, Transit mail)
    {
        if (mail.Quarantined) return MailFolder.Quarantine;
        if (mail.Scl is { } scl) return scl >= JunkFrom ? MailFolder.Junk : MailFolder.Inbox;
        if (mail.IsReport) return MailFolder.Inbox;
        return Rule(flow, mail)?.Verdict switch
        {
            SpamVerdict.Quarantine => MailFolder.Quarantine,
            SpamVerdict.Junk => MailFolder.Junk,
            SpamVerdict.Clean => MailFolder.Inbox,
            _ => mail.Arrival.Dmarc == "fail" || HasGtube(mail.Raw) ? MailFolder.Junk : MailFolder.Inbox,
        };
    }

    /// <summary>X-Forefront-Antispam-Report as the mailbox sees it.</summary>
    public static string Report(Transit mail, MailFolder folder)
    {
        var (scl, verdict, category) = folder switch
        {
            MailFolder.Quarantine => (9, "SPM", "HSPM"),
            MailFolder.Junk => (mail.Scl ?? JunkFrom, "SPM", mail.Arrival.Dmarc == "fail" ? "SPOOF" : "SPM"),
            _ => (mail.Scl ?? 1, mail.Scl == -1 ? "SKN" : "NSPM", "NONE"),
        };
        return $"CIP:{mail.Arrival.ClientIp};CTRY:;LANG:en;SCL:{scl};SRV:;IPV:NLI;SFV:{verdict};H:{mail.Arrival.Helo};CAT:{category};SFS:;DIR:INB;";
    }

    private static ContentRule? Rule(MailFlow flow, Transit mail)
    {
        if (flow.ContentRules.IsEmpty) return null;
        var subject = MessageIds.Headers(mail.Raw)[HeaderId.Subject] ?? "";
        return flow.ContentRules.FirstOrDefault(rule =>
            (rule.SenderContains is null || mail.ReversePath.Contains(rule.SenderContains, StringComparison.OrdinalIgnoreCase))
            && (rule.SubjectContains is null || subject.Contains(rule.SubjectContains, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool HasGtube(byte[] raw) => raw.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Gtube)) >= 0;
}
