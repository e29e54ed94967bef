using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Mail.Verdicts.Dkim;

namespace Passerelle.Mail.Tests.Verdicts;

public sealed class DkimTests
{
    [Fact, Corpus]
    public async Task Signatures_are_judged_as_the_implementations_agree()
    {
        var tally = new Tally("dkim-messages", "result (agree: true)");
        foreach (JsonElement test in Corpora.Json("dkim-messages", "expect.json").EnumerateArray().Where(test => test.GetProperty("agree").GetBoolean()))
        {
            JsonElement expect = test.GetProperty("expect");
            if (expect.GetProperty("signatures").ValueKind is not JsonValueKind.Array) continue; // for parsers only
            string file = test.GetProperty("file").GetString()!; // each case is a file
            string wanted = string.Join(", ", expect.GetProperty("signatures").EnumerateArray().Select(one =>
                $"{one.GetProperty("d").GetString()} {one.GetProperty("s").GetString()} {one.GetProperty("a").GetString()} {one.GetProperty("result").GetString()}"));
            using var raw = new MemoryStream(Corpora.Bytes("dkim-messages", file));
            IReadOnlyList<DkimOutcome> outcomes = await new DkimCheck(ZoneOf(test.GetProperty("dns")), ClockOf(expect))
                .CheckAsync(raw, new ReadingBounds(), TestContext.Current.CancellationToken);
            string found = string.Join(", ", outcomes.Select(one => $"{one.Domain} {one.Selector} {one.Algorithm} {one.Result.Word()}"));
            tally.Count(found == wanted, () => $"{file}: {wanted}\n  not {found} ({string.Join(", ", outcomes.Select(one => one.Why))})");
        }
        tally.Reaches();
    }

    private static Zone ZoneOf(JsonElement dns)
    {
        var zone = new Zone();
        foreach (JsonProperty name in dns.EnumerateObject())
            foreach (JsonElement record in name.Value.EnumerateArray()) zone.With(name.Name, "TXT", record.GetString()!); // texts
        return zone;
    }

    /// <summary>Where the vector was checked at a time, then.</summary>
    private static FakeTimeProvider ClockOf(JsonElement expect) =>
        expect.TryGetProperty("upstream", out JsonElement upstream) && upstream.ValueKind is JsonValueKind.Object && upstream.TryGetProperty("verifyAtUnixTime", out JsonElement at)
            ? new(DateTimeOffset.FromUnixTimeSeconds(at.GetInt64()))
            : new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
}
