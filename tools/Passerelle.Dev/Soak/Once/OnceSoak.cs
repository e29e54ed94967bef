using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Soak.Once;

/// <summary>Every fault at every step of a submission, over and over: no letter leaves twice, and none is lost. Each finished round is a line in the file.</summary>
/// <param name="store"><see cref="RecoverySoak.Sqlite"/> or <see cref="RecoverySoak.Postgres"/>; the file may hold rounds of both.</param>
internal sealed class OnceSoak(string file, string store, TextWriter progress)
{
    private const int RunsARound = 240;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="runs">In all, with those that the file already holds.</param>
    public async Task RunAsync(int runs, TimeSpan atMost, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        for (var done = (await DoneAsync(cancel)).Sum(record => record.Runs); done < runs && watch.Elapsed < atMost;)
        {
            var record = await RoundAsync(Deal(Math.Min(RunsARound, runs - done)), cancel);
            done += record.Runs;
            await progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{done} of {runs} runs on {store}: {record.Delivered} delivered, {record.Refused} refused, {record.Unclear} unclear ({record.Found} found, {record.SentAgain} sent again, {record.ByPerson} by a person), {record.Lost} lost, {record.Duplicated} duplicated, {record.Hangs} hangs"));
        }
    }

    /// <summary>One round of these faults, kept in the file.</summary>
    public async Task<OnceRecord> RoundAsync(IReadOnlyList<HopFault> faults, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // a full path to a file has a folder
        await using var postgres = store == RecoverySoak.Postgres ? await ThrowAwayPostgres.StartAsync() : null;
        await using var round = await OnceRound.OpenAsync(postgres, cancel);
        var record = await round.RunAsync(faults, cancel);
        await File.AppendAllLinesAsync(file, [JsonSerializer.Serialize(record, Json)], CancellationToken.None);
        return record;
    }

    public async Task<SoakResult> ResultAsync(CancellationToken cancel)
    {
        var done = await DoneAsync(cancel);
        var kinds = done.SelectMany(record => record.Faults).GroupBy(fault => fault.Key).ToDictionary(fault => fault.Key, fault => fault.Sum(one => one.Value));
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{store}: {kinds.Values.Sum()} faults of {kinds.Count} kinds, {done.Sum(one => one.Delivered)} letters delivered, {done.Sum(one => one.Refused)} refused, {done.Sum(one => one.Unclear)} unclear: {done.Sum(one => one.Found)} found in Sent Items, {done.Sum(one => one.SentAgain)} sent again, {done.Sum(one => one.ByPerson)} left to a person");
        return new(
            $"once on {store}", done.Sum(one => one.Runs), done.Sum(one => one.Lost), done.Sum(one => one.Duplicated), done.Sum(one => one.Hangs),
            [figures, .. done.SelectMany(one => one.Notes)]);
    }

    /// <summary>Each kind as often as any other, in an order that no two rounds share.</summary>
    private static List<HopFault> Deal(int runs)
    {
        var dealt = new List<HopFault>();
        while (dealt.Count < runs)
        {
            var deck = HopFault.All.ToArray();
            Random.Shared.Shuffle(deck);
            dealt.AddRange(deck);
        }
        return dealt[..runs];
    }

    private async Task<List<OnceRecord>> DoneAsync(CancellationToken cancel) => File.Exists(file)
        ? [.. (await File.ReadAllLinesAsync(file, cancel)).Select(line => JsonSerializer.Deserialize<OnceRecord>(line, Json)!).Where(one => one.Store == store)] // no line is null
        : [];
}
