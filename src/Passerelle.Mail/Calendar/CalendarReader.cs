using System.Globalization;
using System.Text;

namespace Passerelle.Mail.Calendar;

/// <summary>Reads iCalendar text. Whatever is broken is left out and the rest is read: an invitation must not vanish for one bad line.</summary>
internal static class CalendarReader
{
    private const int MostItems = 2_000, MostAttendees = 5_000, MostNesting = 20, LongestRule = 4_000;

    public static IReadOnlyList<CalendarObject> Read(string text)
    {
        List<ContentLine> lines = [.. ContentLine.In(text.TrimStart('\ufeff'))];
        var zones = CalendarZones.In(lines);
        var calendars = new List<CalendarObject>();
        var open = new List<string>();
        var items = new List<CalendarItem>();
        CalendarItem? item = null;
        List<CalendarParty> attendees = []; // of the item
        string? method = null;
        foreach (ContentLine line in lines)
        {
            switch (line.Name)
            {
                case "BEGIN" when open.Count < MostNesting:
                    open.Add(line.Value.Trim().ToUpperInvariant());
                    if (open.Count == 1) (items, method) = ([], null);
                    // Some files hold an event without the calendar around it.
                    if (open.Count == Depth(open) && IsItem(open[^1]) && items.Count < MostItems) item = new CalendarItem { Type = open[^1], Attendees = attendees = [] };
                    break;
                case "END" when open.Count > 0:
                    if (open.Count == Depth(open) && item is not null)
                    {
                        items.Add(item);
                        item = null;
                    }
                    open.RemoveAt(open.Count - 1);
                    if (open.Count == 0) calendars.Add(new CalendarObject(method, items));
                    break;
                case "METHOD" when open.Count == 1:
                    method = line.Value.Trim().ToUpperInvariant() is { Length: > 0 } named ? AddressText.OneLine(named, 40) : null;
                    break;
                case "ATTENDEE":
                    if (item is not null && open.Count == Depth(open) && attendees.Count < MostAttendees) attendees.Add(Party(line));
                    break;
                default:
                    if (item is not null && open.Count == Depth(open)) item = With(item, line, zones);
                    break;
            }
        }
        if (item is not null) items.Add(item); // cut off in the middle
        if (open.Count > 0) calendars.Add(new CalendarObject(method, items));
        return calendars;
    }

    /// <summary>As a file or a part holds it: UTF-8, or UTF-16 when it begins so.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) ? Encoding.Unicode.GetString(bytes[2..]) :
        bytes.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) ? Encoding.BigEndianUnicode.GetString(bytes[2..]) :
        Encoding.UTF8.GetString(bytes);

    /// <summary>How deep the items of the calendar that is open stand.</summary>
    private static int Depth(List<string> open) => open.Count > 0 && IsItem(open[0]) ? 1 : 2;

    private static bool IsItem(string type) => type is "VEVENT" or "VTODO" or "VJOURNAL" or "VFREEBUSY";

    private static CalendarItem With(CalendarItem item, ContentLine line, CalendarZones zones) => line.Name switch
    {
        "UID" => item with { Uid = item.Uid ?? AddressText.OneLine(line.Text, 1000) },
        "SUMMARY" => item with { Summary = item.Summary ?? AddressText.OneLine(line.Text, 4000) },
        "LOCATION" => item with { Location = item.Location ?? AddressText.OneLine(line.Text, 4000) },
        "DESCRIPTION" => item with { Description = item.Description ?? line.Text },
        "STATUS" => item with { Status = item.Status ?? AddressText.OneLine(line.Value.ToUpperInvariant(), 40) },
        "SEQUENCE" when int.TryParse(line.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int sequence) => item with { Sequence = item.Sequence ?? sequence },
        "ORGANIZER" => item with { Organiser = item.Organiser ?? Party(line) },
        "DTSTART" => item with { Start = item.Start ?? zones.Time(line) },
        "DTEND" or "DUE" => item with { End = item.End ?? zones.Time(line) },
        "DURATION" => item with { Duration = item.Duration ?? AddressText.OneLine(line.Value, 100) },
        "RECURRENCE-ID" => item with { RecurrenceId = item.RecurrenceId ?? zones.Time(line) },
        "RRULE" when item.Recurrence is not { Length: > LongestRule } => item with { Recurrence = item.Recurrence is { } before ? $"{before}; {AddressText.OneLine(line.Value, 1000)}" : AddressText.OneLine(line.Value, 1000) },
        _ => item,
    };

    private static CalendarParty Party(ContentLine line)
    {
        string address = AddressText.OneLine(ContentLine.Unescaped(line.Value), 998);
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) address = address["mailto:".Length..].Trim();
        return new(
            address,
            line.Parameters.GetValueOrDefault("CN") is { Length: > 0 } name ? AddressText.OneLine(name, 500) : null,
            line.Parameters.GetValueOrDefault("PARTSTAT") is { Length: > 0 } answer ? AddressText.OneLine(answer.ToUpperInvariant(), 40) : null);
    }
}
