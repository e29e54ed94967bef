using System.Diagnostics;
using System.Globalization;

namespace Passerelle.Dev.Bench.Messages;

/// <summary>How long people wait for a search, its pages and a message when a million messages are stored: the whole answer of the
/// server, from the request to the last byte of the page.</summary>
internal static class MessagesBench
{
    private const int Many = 1_000_000;
    private const int Few = 50_000;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(bool quick, bool onPostgres, string? keep, TextWriter progress, CancellationToken cancel)
    {
        var messages = quick ? Few : Many;
        await using var gateway = await FilledGateway.StartAsync(messages, onPostgres, keep, progress, cancel);
        await gateway.SettleAsync(cancel);
        var stored = string.Create(CultureInfo.InvariantCulture, $"of {messages:N0} messages");
        var rounds = quick ? 3 : 10;
        var rows = new List<BenchRow>();
        if (gateway.Filling is { } took) rows.Add(new("messages with their words, written", "1/s", messages / took.TotalSeconds, null, 1));
        rows.Add(new($"store {stored}", "MB", await gateway.StoreBytesAsync(cancel) / 1e6, null, 1));
        var all = new List<double>();
        foreach (var (name, queries) in Questions(gateway, messages))
        {
            var times = await TimesAsync(gateway, queries, rounds, cancel);
            all.AddRange(times);
            rows.Add(new($"search {stored}: {name}, p95", "ms", At(times, 0.95), null, times.Count));
        }
        rows.Add(new($"search {stored}: all of these, p95", "ms", At(all, 0.95), 200, all.Count));
        var pages = await TimesAsync(gateway, [.. gateway.Whole.TakeLast(30).Select(id => $"/messages/{id}")], rounds, cancel);
        rows.Add(new($"message page {stored}, p95", "ms", At(pages, 0.95), 50, pages.Count));
        return rows;
    }

    private static IEnumerable<(string Name, string[] Paths)> Questions(FilledGateway gateway, int messages)
    {
        string Word(int number) => GeneratedMail.Word(number);
        yield return ("no question", ["/messages"]);
        yield return ("a word of every mail", [Ask(Word(0)), Ask(Word(1)), Ask("hello")]);
        yield return ("a common word", [.. Enumerable.Range(3, 8).Select(i => Ask(Word(i * 9)))]);
        yield return ("a rare word", [.. Enumerable.Range(1, 8).Select(i => Ask(Word(20_000 + (i * 999))))]);
        yield return ("two words", [.. Enumerable.Range(1, 8).Select(i => Ask($"{Word(i)} {Word(i * 700)}"))]);
        yield return ("two common words that seldom meet", [.. Enumerable.Range(1, 4).Select(i => Ask($"subject:{Word(i * 31)} subject:{Word(i * 57)}"))]);
        yield return ("words in order", [.. Enumerable.Range(1, 6).Select(i => Ask($"\"{Word(i)} {Word(i + 1)}\""))]);
        yield return ("a word and not another", [.. Enumerable.Range(1, 4).Select(i => Ask($"{Word(i * 20)} -{Word(0)}"))]);
        yield return ("the beginning of a word", [.. Enumerable.Range(1, 4).Select(i => Ask($"{Word(2_000 + (i * 555))[..4]}*"))]);
        yield return ("Chinese, Japanese, Korean", [Ask("注文"), Ask("发票 地址"), Ask("배송")]);
        yield return ("a sender", [.. Enumerable.Range(1, 6).Select(i => Ask($"from:{GeneratedMail.PersonAddress(i * i * 40)}"))]);
        yield return ("who wrote most", [.. Enumerable.Range(0, 4).Select(i => Ask($"from:{GeneratedMail.PersonAddress(i)}"))]);
        yield return ("a Message-ID", [.. Enumerable.Range(1, 4).Select(i => Ask($"id:{i * (messages / 5)}"))]);
        yield return ("kind, app and days", ["/messages?kind=bounce", $"/messages?kind=calendar&app={gateway.Apps[3]}", $"/messages?q={Word(2)}&kind=human&since=2025-06-01&until=2026-03-01"]);
        yield return ("a page further back", [.. gateway.Whole.Take(4).Select(id => $"{Ask(Word(5))}&before={id}")]);
    }

    private static string Ask(string words) => $"/messages?q={Uri.EscapeDataString(words)}";

    private static async Task<List<double>> TimesAsync(FilledGateway gateway, string[] paths, int rounds, CancellationToken cancel)
    {
        foreach (var path in paths.Take(2)) await TimeAsync(gateway, path, cancel); // the first call of anything is slow, until it is compiled
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var path in paths) times.Add(await TimeAsync(gateway, path, cancel));
        }
        return times;
    }

    private static async Task<double> TimeAsync(FilledGateway gateway, string path, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await gateway.Browser.GetAsync(path, cancel);
        var page = await answer.Content.ReadAsStringAsync(cancel);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        answer.EnsureSuccessStatusCode();
        if (!page.Contains("id=\"search\"", StringComparison.Ordinal) && !page.Contains("id=\"conversation\"", StringComparison.Ordinal)) throw new InvalidOperationException($"{path} is no such page");
        return took;
    }

    private static double At(List<double> times, double share) => times.Order().ElementAt((int)Math.Ceiling(share * times.Count) - 1);
}
