using System.Globalization;

namespace Passerelle.Mail.Calendar;

/// <summary>What the clocks of a calendar's zones show: as its VTIMEZONEs say, else as the zone of that name is known.</summary>
internal sealed class CalendarZones
{
    /// <summary>Changes of the clocks that one zone may list: five hundred are two a year since 1776. Each is looked at for each time.</summary>
    private const int MostOnsets = 500;

    private readonly Dictionary<string, List<Observance>> _own = new(StringComparer.OrdinalIgnoreCase);

    private CalendarZones() { }

    public static CalendarZones In(IEnumerable<ContentLine> lines)
    {
        var zones = new CalendarZones();
        List<Observance>? zone = null;
        int onsets = 0;
        Observance? observance = null;
        foreach (ContentLine line in lines)
        {
            switch (line.Name, line.Value.Trim().ToUpperInvariant())
            {
                case ("BEGIN", "VTIMEZONE"):
                    (zone, onsets) = ([], 0);
                    break;
                case ("END", "VTIMEZONE"):
                    (zone, observance) = (null, null);
                    break;
                case ("TZID", _) when zone is not null && observance is null:
                    zones._own[line.Value.Trim()] = zone;
                    break;
                case ("BEGIN", "STANDARD" or "DAYLIGHT") when zone is not null:
                    observance = new Observance();
                    break;
                case ("END", "STANDARD" or "DAYLIGHT") when zone is not null && observance is not null:
                    onsets += observance.Onsets;
                    if (onsets <= MostOnsets) zone.Add(observance);
                    observance = null;
                    break;
                default:
                    observance?.Read(line);
                    break;
            }
        }
        return zones;
    }

    /// <returns>Null when the value is no date and no time.</returns>
    public CalendarTime? Time(ContentLine line)
    {
        string value = line.Value.Trim(), zone = line.Parameters.GetValueOrDefault("TZID") ?? "";
        if (Day(value) is { } day) return new(day, true, null, null);
        if (Moment(value.TrimEnd('Z', 'z')) is not { } local) return null;
        if (value[^1] is 'Z' or 'z') return new(local, false, TimeSpan.Zero, null);
        return zone.Length == 0 ? new(local, false, null, null) : new(local, false, OffsetOf(zone, local), AddressText.OneLine(zone, 200));
    }

    public static DateTime? Moment(string value) =>
        DateTime.TryParseExact(value.Trim(), ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? time : null;

    private static DateTime? Day(string value) =>
        DateTime.TryParseExact(value, ["yyyyMMdd", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day) ? day : null;

    private TimeSpan? OffsetOf(string zone, DateTime local) =>
        _own.TryGetValue(zone, out List<Observance>? observances) && Observance.OffsetAt(observances, local) is { } offset ? offset : KnownOffset(zone, local);

    /// <summary>By the name of IANA or Windows; some write a path before it ("/mozilla.org/20070129_1/Europe/Berlin").</summary>
    private static TimeSpan? KnownOffset(string zone, DateTime local)
    {
        string[] path = zone.Trim('/').Split('/');
        for (int skip = 0; skip < path.Length; skip++)
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(string.Join('/', path[skip..]), out TimeZoneInfo? known)) return known.GetUtcOffset(local);
        }
        return null;
    }
}
