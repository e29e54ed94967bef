using System.Globalization;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Sites;

/// <summary>A change that is saved and does not hold yet: at Microsoft it takes minutes to an hour (facts §5.4, §6.2), in a
/// lab as long as the directory says. Nothing is said when everything holds.</summary>
internal static class Pending
{
    /// <summary>Policies, remote domains and rules.</summary>
    public static Html MailFlow(DirectoryPlace place, Speech t) => MailFlow(place, AdminWords.TakesEffect, t);

    /// <summary>The same beside a mailbox's forwarding, which they may forbid.</summary>
    public static Html Forwarding(UserPlace place, Speech t) =>
        MailFlow(new DirectoryPlace(place.Lab, place.Directory), AdminWords.PolicyTakesEffect, t);

    /// <summary>The organisation's switch.</summary>
    public static Html SmtpAuth(DirectoryPlace place, Speech t) => Say(
        place.Lab, place.Directory.EarlierSmtpAuth.Select(e => e.Until), AdminWords.TakesEffect, t);

    /// <summary>A mailbox's box, and the organisation's switch when the mailbox inherits it.</summary>
    public static Html SmtpAuth(UserPlace place, Mailbox mailbox, Speech t) => Say(
        place.Lab,
        mailbox.EarlierSmtpAuth.Concat(mailbox.SmtpAuthEnabled is null ? place.Directory.EarlierSmtpAuth : []).Select(e => e.Until),
        AdminWords.SmtpTakesEffect, t);

    private static Html MailFlow(DirectoryPlace place, Word words, Speech t) =>
        Say(place.Lab, place.Directory.EarlierMailFlows.Select(e => e.Until), words, t);

    private static Html Say(Twin lab, IEnumerable<DateTimeOffset> untils, Word words, Speech t)
    {
        DateTimeOffset now = lab.Time.GetUtcNow();
        TimeSpan left = untils.Append(now).Max() - now;
        return Html.When(left > TimeSpan.Zero, Html.Of(
            $"""<p class="warn" role="status">{t.Say(words, Math.Ceiling(left.TotalMinutes).ToString("0", CultureInfo.InvariantCulture))}</p>"""));
    }
}
