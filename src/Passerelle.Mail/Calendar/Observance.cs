using System.Globalization;

namespace Passerelle.Mail.Calendar;

/// <summary>A STANDARD or DAYLIGHT of a VTIMEZONE (RFC 5545 §3.6.5): from which local time on clocks are how far from UTC.</summary>
internal sealed class Observance
{
    private readonly List<DateTime> _dates = [];
    private DateTime? _start, _until;
    private TimeSpan? _offset, _before;
    private int _month, _week;
    private DayOfWeek? _day;
    private int? _monthDay;
    private bool _yearly;

    /// <summary>How many changes it tells, its rule being one.</summary>
    public int Onsets => _dates.Count + 1;

    public void Read(ContentLine line)
    {
        switch (line.Name)
        {
            case "DTSTART": _start = CalendarZones.Moment(line.Value.Trim().TrimEnd('Z')); break;
            case "TZOFFSETTO": _offset = Offset(line.Value); break;
            case "TZOFFSETFROM": _before = Offset(line.Value); break;
            case "RDATE": _dates.AddRange(line.Value.Split(',').Take(1_000).Select(date => CalendarZones.Moment(date.TrimEnd('Z'))).OfType<DateTime>()); break;
            case "RRULE": ReadRule(line.Value); break;
        }
    }

    /// <returns>Null when none of them says anything.</returns>
    public static TimeSpan? OffsetAt(IReadOnlyList<Observance> observances, DateTime local)
    {
        var begun = observances.Where(one => one._offset is not null)
            .Select(one => (one, Since: one.LatestOnset(local))).Where(one => one.Since is not null).OrderByDescending(one => one.Since).ToList();
        if (begun.Count > 0) return begun[0].one._offset;
        // Before the first change that the calendar knows, what was before that change.
        return observances.Where(one => one._start is not null).OrderBy(one => one._start).FirstOrDefault() is { } first ? first._before ?? first._offset : null;
    }

    private DateTime? LatestOnset(DateTime local)
    {
        var onsets = _dates.Append(_start ?? DateTime.MaxValue);
        if (_yearly && _start is { } start) onsets = onsets.Concat(new[] { local.Year, local.Year - 1 }.Select(year => OnsetIn(year, start)).OfType<DateTime>());
        return onsets.Where(onset => onset <= local).OrderDescending().Select(onset => (DateTime?)onset).FirstOrDefault();
    }

    private DateTime? OnsetIn(int year, DateTime start)
    {
        if (year < start.Year || year is < 1 or > 9998) return null;
        int month = _month is 0 ? start.Month : _month;
        DateTime? day = _day is { } weekday ? Weekday(year, month, weekday)
            : (_monthDay ?? start.Day) is var date && date >= 1 && date <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, date) : null;
        DateTime? onset = day + start.TimeOfDay;
        return onset >= start && (_until is null || onset <= _until) ? onset : null;
    }

    private DateTime? Weekday(int year, int month, DayOfWeek weekday)
    {
        if (_week < 0)
        {
            var last = new DateTime(year, month, DateTime.DaysInMonth(year, month));
            return last.AddDays(-((last.DayOfWeek - weekday + 7) % 7) + 7 * (_week + 1));
        }
        var first = new DateTime(year, month, _monthDay ?? 1); // "BYDAY=SU;BYMONTHDAY=8,9,…": the first such day from there on
        return first.AddDays((weekday - first.DayOfWeek + 7) % 7 + 7 * Math.Max(0, _week - 1));
    }

    private void ReadRule(string rule)
    {
        foreach (string part in rule.Split(';'))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length < 2) continue;
            string value = pair[1].Trim().ToUpperInvariant();
            switch (pair[0].Trim().ToUpperInvariant())
            {
                case "FREQ": _yearly = value is "YEARLY"; break;
                case "BYMONTH" when Number(value) is >= 1 and <= 12 and var month: _month = month; break;
                case "BYMONTHDAY" when Number(value.Split(',')[0]) is >= 1 and <= 31 and var day: _monthDay = day; break;
                case "BYDAY" when value.Length >= 2: ReadDay(value.Split(',')[0]); break;
                case "UNTIL": _until = CalendarZones.Moment(value.TrimEnd('Z')); break;
            }
        }
    }

    private void ReadDay(string value)
    {
        if (value.Length < 2) return;
        int at = Array.IndexOf(["SU", "MO", "TU", "WE", "TH", "FR", "SA"], value[^2..]);
        if (at < 0) return;
        (_day, _week) = ((DayOfWeek)at, Number(value[..^2].TrimStart('+')) is >= -5 and <= 5 and var week ? week : 0);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>"+0200", "-053000".</summary>
    private static TimeSpan? Offset(string value)
    {
        string text = value.Trim();
        if (text.Length is not (5 or 7) || text[0] is not ('+' or '-') || !int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int digits)) return null;
        if (text.Length == 5) digits *= 100;
        var offset = new TimeSpan(digits / 10000, digits / 100 % 100, 0); // DateTimeOffset has no seconds
        return offset >= TimeSpan.FromHours(14) ? null : text[0] is '-' ? -offset : offset;
    }
}
