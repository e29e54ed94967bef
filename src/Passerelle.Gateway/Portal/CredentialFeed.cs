using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Credentials;

namespace Passerelle.Gateway.Portal;

/// <summary>One all-day event per credential that has a day (RFC 5545 §3.6.1), with reminders of its own at 14 and 1 days.</summary>
internal static class CredentialFeed
{
    private static readonly int[] Reminders = [14, 1];

    /// <param name="words">In the language of the thread.</param>
    public static string Write(IEnumerable<Credential> credentials, Installation installation, Texts words, DateTimeOffset now)
    {
        var calendar = new Calendar { ProductId = "-//Passerelle//Credential calendar//EN" };
        calendar.AddProperty("X-WR-CALNAME", words["feed.name"]);
        foreach (var credential in credentials)
        {
            if (credential.EndsOn is { } day) calendar.Events.Add(Event(credential, day, installation, words, now));
        }
        return new CalendarSerializer().SerializeToString(calendar) ?? "";
    }

    private static CalendarEvent Event(Credential credential, DateOnly day, Installation installation, Texts words, DateTimeOffset now)
    {
        var summary = words["feed.summary", words[$"credential.kind.{credential.Kind}"], credential.App];
        var made = new CalendarEvent
        {
            Uid = $"{credential.AppId}-{credential.Kind}@passerelle", // the same event when its day moves
            DtStamp = new CalDateTime(now.UtcDateTime, "UTC"),
            Start = new CalDateTime(day),
            Summary = summary,
            Description = words[$"credential.stops.{credential.Kind}"],
            Url = new Uri($"{installation.PublicUrl}/apps/{credential.AppId}/credentials"),
            Transparency = TransparencyType.Transparent, // nobody is busy that day because of it
        };
        foreach (var days in Reminders)
        {
            made.Alarms.Add(new Alarm { Action = AlarmAction.Display, Description = summary, Trigger = new Trigger(Duration.FromDays(-days)) });
        }
        return made;
    }
}
