using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>The log of one lab by HTTP: as it stands, live, as a file, and one attempt alone.</summary>
internal static class JournalCalls
{
    private static readonly JsonSerializerOptions OneLine = new(LabJson.Options) { WriteIndented = false };

    public static void MapJournal(this RouteGroupBuilder control)
    {
        control.MapGet("/labs/{lab}/log", (string lab, Labs labs, [AsParameters] JournalQuestion question) => labs.Named(lab) is { } known
            ? Results.Json(known.Journal.Entries.Where(question.Fits), LabJson.Options)
            : LabCommands.NoLab(lab).ToResult());
        control.MapGet("/labs/{lab}/log.jsonl", (string lab, Labs labs, [AsParameters] JournalQuestion question) => labs.Named(lab) is { } known
            ? Results.File(Lines(known.Journal.Entries.Where(question.Fits)), "application/x-ndjson", $"{lab}-log.jsonl")
            : LabCommands.NoLab(lab).ToResult());
        control.MapGet("/labs/{lab}/log/live",
            (string lab, Labs labs, IHostApplicationLifetime life, [AsParameters] JournalQuestion question, CancellationToken cancel) => labs.Named(lab) is { } known
                ? TypedResults.ServerSentEvents(LiveAsync(known.Journal, question, entry => JsonSerializer.Serialize(entry, OneLine), life.ApplicationStopping, cancel))
                : LabCommands.NoLab(lab).ToResult());
        control.MapGet("/labs/{lab}/log/follow/{id}", (string lab, string id, Labs labs) => labs.Named(lab) is { } known
            ? Results.Json(known.Journal.Follow(id), LabJson.Options)
            : LabCommands.NoLab(lab).ToResult());
    }

    /// <summary>One JSON document a line, oldest first.</summary>
    public static byte[] Lines(IEnumerable<JournalEntry> entries)
    {
        using var all = new MemoryStream();
        foreach (var entry in entries)
        {
            all.Write(JsonSerializer.SerializeToUtf8Bytes(entry, OneLine));
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }

    /// <summary>As it happens, for a page: each entry as the page shows it.</summary>
    public static IResult Live(Journal journal, JournalQuestion question, HttpContext call, Func<JournalEntry, string> shown) =>
        TypedResults.ServerSentEvents(LiveAsync(
            journal, question, shown, call.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping, call.RequestAborted));

    private static async IAsyncEnumerable<SseItem<string>> LiveAsync(
        Journal journal, JournalQuestion question, Func<JournalEntry, string> shown, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new SseItem<string>("{}", "open"); // the headers leave with the first event
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopping); // a watcher does not hold up the end
        await foreach (var entry in journal.ListenAsync(question.After ?? 0, either.Token))
        {
            if (!question.Fits(entry)) continue;
            yield return new SseItem<string>(shown(entry), "entry")
            {
                EventId = entry.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
        }
    }
}

/// <summary>What of a log is wanted; everything absent fits.</summary>
/// <param name="Area">oauth, smtp, mail, graph, imap, dns, control or fault.</param>
/// <param name="Who">Any part of it.</param>
/// <param name="Text">Any part of the answer.</param>
/// <param name="After">The number of the last entry already seen.</param>
internal sealed record JournalQuestion(string? Area, string? Kind, string? Who, string? Text, string? MessageId, long? After)
{
    public bool Fits(JournalEntry entry) =>
        (Area is null || entry.Area == Area)
        && (Kind is null || entry.Kind == Kind)
        && (Who is null || entry.Who.Contains(Who, StringComparison.OrdinalIgnoreCase))
        && (Text is null || entry.Answer.Contains(Text, StringComparison.OrdinalIgnoreCase))
        && (MessageId is null || entry.MessageId == MessageId.Trim('<', '>'))
        && (After is null || entry.Number > After);
}
