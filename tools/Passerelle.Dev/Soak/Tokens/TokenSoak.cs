using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Soak.Tokens;

/// <summary>One line of the results' file: one directory with its apps, from the first authorisation to the last day.</summary>
internal sealed record TokenRecord
{
    public required DateTimeOffset At { get; init; }
    public required int Apps { get; init; }

    /// <summary>Simulated.</summary>
    public required int Days { get; init; }
    public required int Letters { get; init; }

    /// <summary>At the token endpoint, the authorisations' own included.</summary>
    public required int Requests { get; init; }

    /// <summary>Of the app that asked most: requests for each lifetime of a token that passed.</summary>
    public required double MostPerLifetime { get; init; }
    public required int Lost { get; init; }
    public required int Duplicated { get; init; }

    /// <summary>Breaks that were not told within a simulated minute of being visible, or never mended; apps above 1.2 requests a lifetime.</summary>
    public required int Hangs { get; init; }

    /// <summary>What happened, and what went wrong, in words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Rounds until there are enough; each finished round is a line in the file, so a stopped soak goes on.</summary>
internal sealed class TokenSoak(string file, TextWriter progress)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="rounds">In all, with those of this size that the file already holds.</param>
    public async Task RunAsync(int rounds, int apps, int days, TimeSpan atMost, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // a full path to a file has a folder
        for (var done = (await DoneAsync(cancel)).Count(record => record.Apps == apps && record.Days == days); done < rounds && watch.Elapsed < atMost; done++)
        {
            await using var round = await TokenRound.OpenAsync(progress, cancel);
            var record = await round.RunAsync(apps, days, cancel);
            await File.AppendAllLinesAsync(file, [JsonSerializer.Serialize(record, Json)], CancellationToken.None);
        }
    }

    public async Task<SoakResult> ResultAsync(CancellationToken cancel)
    {
        var done = await DoneAsync(cancel);
        return new(
            "tokens", done.Count, done.Sum(one => one.Lost), done.Sum(one => one.Duplicated), done.Sum(one => one.Hangs),
            [.. done.SelectMany(one => one.Notes.Prepend(Figures(one)))]);
    }

    private static string Figures(TokenRecord one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Apps} apps, {one.Days} days: {one.Letters} letters, {one.Requests} token requests, at most {one.MostPerLifetime:0.00} per app and token lifetime");

    private async Task<List<TokenRecord>> DoneAsync(CancellationToken cancel) => File.Exists(file)
        ? [.. (await File.ReadAllLinesAsync(file, cancel)).Select(line => JsonSerializer.Deserialize<TokenRecord>(line, Json)!)] // no line is null
        : [];
}
