using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Passerelle.Dev.Run;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak;

/// <summary>Waits until nothing waits, then compares what the outside knows with what the gateway and the customers have.</summary>
/// <param name="lab">Null where no customer wrote.</param>
internal sealed class RecoveryAudit(GatewayProcess gateway, LabConnection? lab, CustomerLoad? customers, Ledger ledger)
{
    private const int Page = 200;
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Underway = ["waiting", "claimed", "submitting"];

    public async Task<RecoveryRecord> CountAsync(int kills, CancellationToken cancel)
    {
        await gateway.WhenReadyAsync(cancel);
        var watch = Stopwatch.StartNew();
        var state = await LookAsync(cancel);
        while (Waits(state) is { } what)
        {
            if (watch.Elapsed > LongestDrain)
            {
                ledger.Hangs.Enqueue($"After {LongestDrain.TotalMinutes:0} minutes there was still {what}");
                break;
            }
            if (lab is not null) await lab.Control.SendAsync(HttpMethod.Post, $"labs/{Demonstration.Lab}/exchange/queue/retry", null, cancel);
            await Task.Delay(Between, cancel);
            state = await LookAsync(cancel);
        }
        return Count(kills, state);
    }

    /// <summary>A message by its subject, which is as unique as its Message-ID.</summary>
    private sealed record Line(string Subject, string State, string Answer);

    private sealed record Seen(ILookup<string, Line> Lines, IReadOnlyDictionary<string, int> Answers);

    /// <returns>Null when nothing waits any more.</returns>
    private string? Waits(Seen seen)
    {
        if (seen.Lines.SelectMany(lines => lines).FirstOrDefault(line => line.State == "ready") is { } unrouted) return $"'{unrouted.Subject}' not routed";
        if (seen.Lines.SelectMany(lines => lines).FirstOrDefault(line => Underway.Contains(line.Answer)) is { } letter) return $"the answer to '{letter.Subject}' {letter.Answer}";
        foreach (var subject in ledger.Acknowledged.Keys.Where(subject => !seen.Lines.Contains(subject))) return $"'{subject}' answered 250 and no message";
        foreach (var (subject, messageId) in ledger.Written)
        {
            if (seen.Lines[subject].FirstOrDefault() is not { } line) return $"'{subject}' on its way and no message";
            if (line.Answer is "settled" or "" && !seen.Answers.ContainsKey(messageId)) return $"'{subject}' not answered";
        }
        return null;
    }

    private RecoveryRecord Count(int kills, Seen seen)
    {
        var notes = new List<string>(ledger.Hangs);
        var missing = ledger.Acknowledged.Keys.Concat(ledger.Written.Keys).Where(subject => !seen.Lines.Contains(subject)).ToList();
        notes.AddRange(missing.Select(subject => $"lost: '{subject}'"));
        var twice = seen.Lines.Where(lines => lines.Count() > 1).Select(lines => lines.Key).ToList();
        notes.AddRange(twice.Select(subject => $"two messages: '{subject}'"));
        var twiceAnswered = ledger.Written.Where(mail => seen.Answers.GetValueOrDefault(mail.Value) > 1).Select(mail => mail.Key).ToList();
        notes.AddRange(twiceAnswered.Select(subject => $"answered twice: '{subject}'"));
        var unanswered = ledger.Written.Where(mail => !seen.Answers.ContainsKey(mail.Value)).Select(mail => mail.Key).Except(missing).ToList();
        var unexcused = unanswered.Where(subject => seen.Lines[subject].All(line => line.Answer != "unclear")).ToList();
        notes.AddRange(unexcused.Select(subject => $"never answered: '{subject}', its letter is '{seen.Lines[subject].First().Answer}'"));
        return new RecoveryRecord
        {
            At = TimeProvider.System.GetUtcNow(),
            Store = "",
            Kills = kills,
            Acknowledged = ledger.Acknowledged.Count,
            Written = ledger.Written.Count,
            Answers = ledger.Written.Values.Sum(messageId => seen.Answers.GetValueOrDefault(messageId)),
            Unclear = seen.Lines.SelectMany(lines => lines).Count(line => line.Answer == "unclear"),
            Unanswered = unanswered.Count,
            Lost = missing.Count + unexcused.Count,
            Duplicated = twice.Count + twiceAnswered.Count,
            Hangs = ledger.Hangs.Count,
            Notes = notes,
        };
    }

    private async Task<Seen> LookAsync(CancellationToken cancel)
    {
        var lines = new List<Line>();
        for (string? before = null; ;)
        {
            var page = await gateway.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"/api/v1/journeys?limit={Page}{(before is null ? "" : $"&before={before}")}"), cancel);
            lines.AddRange(page.EnumerateArray().Select(line => new Line(Text(line, "subject"), Text(line, "state"), Text(line, "answerState"))));
            if (page.GetArrayLength() < Page) return new(lines.ToLookup(line => line.Subject), customers is null ? [] : await customers.AnswersAsync(cancel));
            before = Text(page[Page - 1], "messageId");
        }
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString() ?? "";
}
