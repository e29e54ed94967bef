using MimeKit;
using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Calendar;

/// <summary>The calendars within a mail: an invitation often comes twice, as a part and as a file.</summary>
internal static class CalendarParts
{
    private const int LongestCalendar = 2 * 1024 * 1024, MostCalendars = 20;

    public static IReadOnlyList<CalendarObject> In(MimeMessage message)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. PartWalk.Of(message).Where(IsCalendar).Take(MostCalendars).Select(Text).Where(text => seen.Add(text.ReplaceLineEndings("\n").Trim())).SelectMany(CalendarReader.Read)];
    }

    private static bool IsCalendar(MailPart part) =>
        part.Type is "text/calendar" or "application/ics" or "text/x-vcalendar"
        || (part.Name is { } name && (name.EndsWith(".ics", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".vcs", StringComparison.OrdinalIgnoreCase)));

    /// <summary>RFC 5545 §3.1.4: UTF-8 unless the part says otherwise.</summary>
    private static string Text(MailPart part)
    {
        if (part.Entity is TextPart { ContentType.Charset.Length: > 0 } text) return SpokenText.Of(text);
        using var bytes = new BoundedStream(LongestCalendar);
        part.WriteTo(bytes);
        return CalendarReader.Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
