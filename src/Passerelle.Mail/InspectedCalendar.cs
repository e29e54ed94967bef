using Passerelle.Mail.Calendar;

namespace Passerelle.Mail;

/// <param name="Method">iTIP method; null when the calendar names none.</param>
public sealed record InspectedCalendar(string? Method, IReadOnlyList<InspectedItem> Components)
{
    internal static InspectedCalendar Of(CalendarObject calendar) => new(calendar.Method, [.. calendar.Items.Select(InspectedItem.Of)]);
}

/// <summary>One event, named as RFC 5545 names its properties. Times are ISO 8601, with an offset where it is known.</summary>
/// <param name="Answer">PARTSTAT where one attendee alone is named, as in an answer: ACCEPTED, DECLINED, TENTATIVE; null otherwise.</param>
public sealed record InspectedItem(
    string Type, string? Uid, int? Sequence, string? Summary, string? Organizer, IReadOnlyList<string> Attendees, string? Dtstart, string? Dtend,
    string? RecurrenceId, string? Rrule, string? Status, string? Location, string? Answer)
{
    internal static InspectedItem Of(CalendarItem item) => new(
        item.Type, item.Uid, item.Sequence, item.Summary, item.Organiser?.Address,
        [.. item.Attendees.Select(attendee => attendee.Address)],
        item.Start?.ToString(), item.End?.ToString(), item.RecurrenceId?.ToString(), item.Recurrence, item.Status, item.Location, item.Attendees is [{ Answer: { } answer }] ? answer : null);
}
