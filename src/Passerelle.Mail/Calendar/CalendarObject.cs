namespace Passerelle.Mail.Calendar;

/// <summary>One VCALENDAR of a mail (RFC 5545), as far as a person or a flow asks for it.</summary>
/// <param name="Method">iTIP method (RFC 5546), upper case: REQUEST, REPLY, CANCEL, COUNTER …; null when it names none.</param>
public sealed record CalendarObject(string? Method, IReadOnlyList<CalendarItem> Items);

/// <summary>An event, a task, a journal entry or a free/busy time.</summary>
public sealed record CalendarItem
{
    /// <summary>VEVENT, VTODO, VJOURNAL, VFREEBUSY.</summary>
    public required string Type { get; init; }
    public string? Uid { get; init; }
    public int? Sequence { get; init; }
    public string? Summary { get; init; }
    public string? Location { get; init; }
    public string? Description { get; init; }

    /// <summary>Upper case: CONFIRMED, TENTATIVE, CANCELLED …</summary>
    public string? Status { get; init; }
    public CalendarParty? Organiser { get; init; }
    public IReadOnlyList<CalendarParty> Attendees { get; init; } = [];
    public CalendarTime? Start { get; init; }

    /// <summary>DTEND, or DUE of a task; null when only a duration or nothing is given.</summary>
    public CalendarTime? End { get; init; }

    /// <summary>As written: "PT1H"; null when none is given.</summary>
    public string? Duration { get; init; }

    /// <summary>Which occurrence of a series this is about; null for the whole.</summary>
    public CalendarTime? RecurrenceId { get; init; }

    /// <summary>RRULE as written; null when it happens once. Occurrences are not worked out.</summary>
    public string? Recurrence { get; init; }
}

/// <param name="Address">Bare: without "mailto:".</param>
/// <param name="Answer">PARTSTAT, upper case: ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION …; null when not said.</param>
public sealed record CalendarParty(string Address, string? Name, string? Answer);
