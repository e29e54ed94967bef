using System.Text.Json;
using Passerelle.Mail.Calendar;

namespace Passerelle.Mail.Tests.Calendar;

/// <summary>Calendars as the Python icalendar library reads them.</summary>
public class CalendarCorpusTests
{
    [Theory, InlineData("ical-collective"), InlineData("ical-icalnet"), Corpus]
    public void Calendars_are_read(string folder)
    {
        var tally = new Tally(folder, "fields");
        foreach (var (file, expect) in Corpora.Cases(folder))
        {
            IReadOnlyList<CalendarObject> read = CalendarReader.Read(CalendarReader.Decode(Corpora.Bytes(folder, file)));
            Each(file, expect, read, (field, right, what) => tally.Count(right, what));
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void Invitations_tell_what_they_ask() => Invitations("method", field => field is "method");

    [Fact, Corpus]
    public void Invitations_tell_which_event_they_are_about() => Invitations("uid", field => field is "uid");

    [Fact, Corpus]
    public void Invitations_tell_when() => Invitations("times", field => field is "dtstart" or "dtend" or "recurrenceId");

    private static void Invitations(string field, Func<string, bool> counts)
    {
        var tally = new Tally("ical-invitations-thunderbird", field);
        foreach (var (file, expect) in Corpora.Cases("ical-invitations-thunderbird"))
            Each(file, expect, Mails.Read("ical-invitations-thunderbird", file).Calendars, (name, right, what) => { if (counts(name)) tally.Count(right, what); });
        tally.Reaches();
    }

    /// <summary>What Python gave up on asserts nothing: there we only have to answer.</summary>
    private static void Each(string file, JsonElement expect, IReadOnlyList<CalendarObject> read, Action<string, bool, Func<string>> count)
    {
        List<JsonElement> wanted = [.. expect.GetProperty("calendars").EnumerateArray().Where(one => one.ValueKind is JsonValueKind.Array).SelectMany(one => one.EnumerateArray())];
        for (int i = 0; i < wanted.Count; i++)
        {
            CalendarObject? calendar = i < read.Count ? read[i] : null;
            Count("method", wanted[i], "method", calendar?.Method);
            List<JsonElement> items = [.. wanted[i].GetProperty("components").EnumerateArray()];
            for (int j = 0; j < items.Count; j++)
            {
                CalendarItem? item = calendar is not null && j < calendar.Items.Count ? calendar.Items[j] : null;
                JsonElement one = items[j];
                Count("uid", one, "uid", item?.Uid);
                Count("type", one, "type", item?.Type);
                Count("summary", one, "summary", item?.Summary);
                Count("location", one, "location", item?.Location);
                Count("status", one, "status", item?.Status);
                Count("sequence", one, "sequence", item?.Sequence?.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Count("organizer", one, "organizer", item?.Organiser?.Address);
                Count("dtstart", one, "dtstart", item?.Start?.ToString());
                Count("dtend", one, "dtend", item?.End?.ToString());
                Count("recurrenceId", one, "recurrenceId", item?.RecurrenceId?.ToString());
                if (one.TryGetProperty("hasRrule", out _)) count("rrule", item?.Recurrence is not null, () => $"{file} rrule");
                if (one.TryGetProperty("attendees", out JsonElement attendees))
                {
                    string all = attendees.ValueKind is JsonValueKind.Array ? string.Join(' ', attendees.EnumerateArray().Select(a => Bare(a.GetString()!))) : Bare(attendees.GetString()!);
                    string ours = string.Join(' ', item?.Attendees.Select(a => a.Address) ?? []);
                    count("attendees", all == ours, () => $"{file} attendees: {all} / {ours}");
                }
            }
        }

        void Count(string field, JsonElement from, string name, string? ours)
        {
            if (!from.TryGetProperty(name, out JsonElement value) || value.ValueKind is JsonValueKind.Null) return;
            string theirs = Flat(Bare(value.ToString()));
            count(field, theirs == Flat(ours ?? ""), () => $"{file} {field}: {theirs} / {ours}");
        }
    }

    private static string Bare(string address) => address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? address[7..] : address;

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
