using System.Globalization;

namespace Passerelle.Mail.Calendar;

/// <summary>A date, or a time as the clock on the wall shows it.</summary>
/// <param name="Local">Date and time where it happens.</param>
/// <param name="DateOnly">A whole day: the time means nothing.</param>
/// <param name="Offset">From UTC; null when it is the reader's own time ("floating", RFC 5545 §3.3.5) or its zone is not known.</param>
/// <param name="Zone">TZID as written; null for UTC and floating times.</param>
public sealed record CalendarTime(DateTime Local, bool DateOnly, TimeSpan? Offset, string? Zone)
{
    /// <summary>ISO 8601: "2022-03-16", "2022-03-16T11:00:00", "2022-03-16T11:00:00+02:00".</summary>
    public override string ToString() =>
        DateOnly ? Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) :
        Offset is { } offset ? new DateTimeOffset(DateTime.SpecifyKind(Local, DateTimeKind.Unspecified), offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) :
        Local.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
