using System.Globalization;
using System.Text;
using Passerelle.Mail.Calendar;

namespace Passerelle.Mail.Replies;

/// <summary>What an invited person says to an invitation.</summary>
public enum Attendance
{
    Accepted,
    Declined,
    Tentative,
}

/// <summary>An iTIP REPLY (RFC 5546 §3.2.3): who was asked tells the organiser, and nobody else's part is in it.</summary>
public static class CalendarAnswer
{
    private const int LongestLine = 75;

    /// <param name="invitation">A REQUEST of the mail that is answered.</param>
    /// <param name="attendee">The address that was invited.</param>
    /// <returns>Null when it invites to nothing that can be answered: no UID, or no organiser.</returns>
    public static string? Of(CalendarObject invitation, MailParty attendee, Attendance attendance, string comment, DateTimeOffset now)
    {
        if (invitation is not { Method: "REQUEST" }) return null;
        if (invitation.Items.FirstOrDefault(item => item is { Type: "VEVENT", Uid.Length: > 0, Organiser: not null }) is not { } asked) return null;
        string word = attendance.ToString().ToUpperInvariant();
        List<string> lines =
        [
            "BEGIN:VCALENDAR", "PRODID:-//Passerelle//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT",
            $"UID:{Escaped(asked.Uid!)}", // matched above
            $"SEQUENCE:{(asked.Sequence ?? 0).ToString(CultureInfo.InvariantCulture)}",
            string.Create(CultureInfo.InvariantCulture, $"DTSTAMP:{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"),
            $"ORGANIZER{Named(asked.Organiser!.Name)}:mailto:{asked.Organiser.Address}", // matched above
            $"ATTENDEE{Named(attendee.Name)};PARTSTAT={word}:mailto:{attendee.Address}",
        ];
        if (asked.RecurrenceId is { } occurrence) lines.Add($"RECURRENCE-ID{Time(occurrence)}");
        if (asked.Start is { } start) lines.Add($"DTSTART{Time(start)}");
        if (asked.End is { } end) lines.Add($"DTEND{Time(end)}");
        if (asked.Summary is { Length: > 0 } summary) lines.Add($"SUMMARY:{Escaped(summary)}");
        if (comment.Length > 0) lines.Add($"COMMENT:{Escaped(comment)}");
        lines.AddRange(["END:VEVENT", "END:VCALENDAR"]);
        return string.Concat(lines.Select(Folded));
    }

    /// <summary>In UTC where the moment is known: then no zone of the invitation has to be repeated.</summary>
    private static string Time(CalendarTime time) => time switch
    {
        { DateOnly: true } => string.Create(CultureInfo.InvariantCulture, $";VALUE=DATE:{time.Local:yyyyMMdd}"),
        { Offset: { } offset } => string.Create(CultureInfo.InvariantCulture, $":{time.Local - offset:yyyyMMdd'T'HHmmss'Z'}"),
        _ => string.Create(CultureInfo.InvariantCulture, $":{time.Local:yyyyMMdd'T'HHmmss}"),
    };

    private static string Named(string? name) => string.IsNullOrEmpty(name) ? "" : $";CN=\"{name.Replace('"', '\'')}\"";

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
        .ReplaceLineEndings("\\n");

    /// <summary>RFC 5545 §3.1: 75 octets a line, and no character is cut in two.</summary>
    private static string Folded(string line)
    {
        var folded = new StringBuilder();
        var octets = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                folded.Append("\r\n ");
                octets = 1;
            }
            folded.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        return folded.Append("\r\n").ToString();
    }
}
