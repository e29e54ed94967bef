using System.Globalization;

namespace Passerelle.Gateway.Doctor;

/// <summary>Puts the rows of one journey into the order in which things happened. Pure.</summary>
internal static class JourneyTeller
{
    public static Journey Tell(JourneyRows rows, IReadOnlyList<Transit> transits)
    {
        List<Hop> hops =
        [
            Written(rows),
            .. transits.SkipLast(1).Select(Carried), // the newest Received header is our own
            Received(rows),
            Read(rows),
            .. Routed(rows),
            .. rows.Letters.SelectMany(letter => Letter(rows, letter)),
        ];
        return new(rows.Line, WithDurations(hops)) { RoundTrip = RoundTrip(rows) };
    }

    private static Hop Written(JourneyRows rows) =>
        new("written", rows.Message.SentAt, null, Hop.Right, rows.Line.FromAddress, rows.Line.Subject);

    private static Hop Carried(Transit transit) =>
        new("carried", transit.At, null, Hop.Right, transit.By, transit.From.Length == 0 ? "" : $"from {transit.From}");

    private static Hop Received(JourneyRows rows)
    {
        var receipt = rows.Receipt;
        if (receipt.Origin.Length > 0)
        {
            return new("fetched", receipt.ReceivedAt, null, Hop.Waiting, receipt.EnvelopeTo, string.Create(CultureInfo.InvariantCulture, $"{receipt.Size} bytes, from <{receipt.EnvelopeFrom}>"));
        }
        var secured = receipt.Tls.Length == 0 ? "no TLS" : receipt.Tls;
        return new(
            "received", receipt.ReceivedAt, null, Hop.Right, receipt.EnvelopeTo,
            string.Create(CultureInfo.InvariantCulture, $"{receipt.Helo} [{receipt.RemoteAddress}], {secured}, {receipt.Size} bytes, from <{receipt.EnvelopeFrom}>"));
    }

    private static Hop Read(JourneyRows rows) => new(
        "read", rows.Message.ReadAt, null, rows.Line.Verdict == "suspicious" ? Hop.Wrong : Hop.Right,
        $"{rows.Line.Kind}, {rows.Line.Verdict}",
        string.Join("; ", new[] { rows.Message.KindEvidence, Sentences(rows.Message.VerdictReasons) }.Where(text => text.Length > 0)));

    private static IEnumerable<Hop> Routed(JourneyRows rows)
    {
        if (rows.Line.State is "held" or "ready" or "quarantined" or "kept")
        {
            yield return new(rows.Line.State, rows.Message.RoutedAt, null, rows.Line.State == "kept" ? Hop.Right : Hop.Waiting, rows.Line.AssetName, rows.Line.StateReason);
        }
        foreach (var step in rows.Steps.Where(step => step is not { Kind: "letter", Result: "written" })) // the letter itself follows
        {
            yield return new("step", step.At, null, step.Result is "failed" or "refused" ? Hop.Wrong : Hop.Right, $"{step.Kind} {step.Node}".Trim(), Joined(step.Result, step.Detail));
        }
        if (rows.Run is { State: not "done" } run)
        {
            yield return new("run", run.EndedAt ?? run.StartedAt, null, run.State == "failed" ? Hop.Wrong : Hop.Waiting, run.State, run.StateReason);
        }
    }

    private static IEnumerable<Hop> Letter(JourneyRows rows, JourneyRows.LetterRow letter)
    {
        yield return new("letter", letter.CreatedAt, null, Hop.Right, letter.Origin, letter.Subject);
        foreach (var attempt in rows.Attempts.Where(attempt => attempt.LetterId == letter.Id))
        {
            yield return new(
                "attempt", attempt.StartedAt, attempt.EndedAt - attempt.StartedAt, ResultOf(attempt.Outcome),
                string.Create(CultureInfo.InvariantCulture, $"{attempt.Number}: {attempt.LastStep}"), Joined(attempt.Outcome, attempt.Words));
        }
        foreach (var refused in rows.Recipients.Where(one => one.LetterId == letter.Id && one.Outcome == "refused"))
        {
            yield return new("refused", letter.SettledAt, null, Hop.Wrong, refused.Address, refused.Words);
        }
        yield return letter.State switch
        {
            "settled" => new("settled", letter.SettledAt, null, Hop.Right, "", letter.StateReason),
            "dead" or "unclear" => new("settled", letter.SettledAt, null, Hop.Wrong, letter.State, letter.StateReason),
            _ => new("settled", letter.DueAt, null, Hop.Waiting, letter.State, letter.StateReason),
        };
    }

    private static string ResultOf(string outcome) => outcome switch
    {
        "accepted" => Hop.Right,
        "" or "deferred" => Hop.Waiting,
        _ => Hop.Wrong,
    };

    private static TimeSpan? RoundTrip(JourneyRows rows) =>
        rows.Letters is { Count: > 0 } letters && letters.All(letter => letter.SettledAt is not null)
            ? letters.Max(letter => letter.SettledAt) - rows.Receipt.ReceivedAt
            : null;

    /// <summary>A hop without a duration of its own took the time since the one before; clocks of strangers may run backwards.</summary>
    private static List<Hop> WithDurations(List<Hop> hops)
    {
        for (var place = 1; place < hops.Count; place++)
        {
            var took = hops[place].At - hops[place - 1].At;
            if (hops[place].Took is null && took >= TimeSpan.Zero) hops[place] = hops[place] with { Took = took };
        }
        return hops;
    }

    private static string Sentences(string json) =>
        string.Join("; ", System.Text.Json.JsonSerializer.Deserialize<string[]>(json) ?? []);

    private static string Joined(string first, string second) =>
        second.Length == 0 ? first : first.Length == 0 ? second : $"{first}: {second}";
}
