using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Passerelle.Dev.Soak;

/// <summary>Rounds of kills and outages until there are enough; each finished round is a line in the file, so a stopped soak goes on.</summary>
/// <param name="of">What is struck.</param>
/// <param name="store"><see cref="Sqlite"/> or <see cref="Postgres"/>; the file may hold rounds of both.</param>
internal sealed class RecoverySoak(string file, string of, string store, TextWriter progress)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary><c>kill -9</c> of the whole gateway.</summary>
    public const string Gateway = "gateway";

    /// <summary><c>kill -9</c> of a process that is store and receiver alone.</summary>
    public const string Receiver = "receiver";

    /// <summary><c>kill -9</c> of PostgreSQL under a gateway that stays up.</summary>
    public const string Database = "database";

    /// <summary>PostgreSQL is away for a minute.</summary>
    public const string DatabaseGone = "database-gone";

    /// <summary>The DNS is silent for a minute.</summary>
    public const string DnsGone = "dns-gone";

    public static readonly string[] All = [Gateway, Receiver, Database, DatabaseGone, DnsGone];

    private int StrikesARound => of switch
    {
        Receiver => 100,
        DatabaseGone or DnsGone => 2,
        _ => 10,
    };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="kills">In all, with those that the file already holds.</param>
    public async Task RunAsync(int kills, TimeSpan atMost, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // a full path to a file has a folder
        for (var done = (await DoneAsync(cancel)).Sum(record => record.Kills); done < kills && watch.Elapsed < atMost;)
        {
            var record = await RoundAsync(Math.Min(StrikesARound, kills - done), cancel);
            await File.AppendAllLinesAsync(file, [JsonSerializer.Serialize(record, Json)], CancellationToken.None);
            done += record.Kills;
            await progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{done} of {kills} strikes at the {of} on {store}: {record.Acknowledged} direct, {record.Written} written, {record.Answers} answers, {record.Unclear} unclear, {record.Lost} lost, {record.Duplicated} duplicated, {record.Hangs} hangs"));
        }
    }

    public async Task<SoakResult> ResultAsync(CancellationToken cancel)
    {
        var done = await DoneAsync(cancel);
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{of}, {store}: {done.Sum(one => one.Acknowledged)} direct mails answered 250, {done.Sum(one => one.Written)} written by customers, {done.Sum(one => one.Answers)} answers, {done.Sum(one => one.Unclear)} letters unclear, {done.Sum(one => one.Unanswered)} of them unanswered");
        return new(
            $"recovery of {of} on {store}", done.Sum(one => one.Kills), done.Sum(one => one.Lost), done.Sum(one => one.Duplicated), done.Sum(one => one.Hangs),
            [figures, .. done.SelectMany(one => one.Notes)]);
    }

    private async Task<RecoveryRecord> RoundAsync(int strikes, CancellationToken cancel)
    {
        await using var postgres = store == Postgres ? await ThrowAwayPostgres.StartAsync() : null;
        return await StrikeAsync(postgres, strikes, cancel) with { Of = of, Store = store };
    }

    private async Task<RecoveryRecord> StrikeAsync(ThrowAwayPostgres? postgres, int strikes, CancellationToken cancel)
    {
        if (of == Receiver)
        {
            await using var receiver = new ReceiverRound(postgres is null ? null : await postgres.NewDatabaseAsync(), progress);
            return await receiver.RunAsync(strikes, cancel);
        }
        await using var round = await RecoveryRound.OpenAsync(postgres, progress, cancel);
        return await round.RunAsync(of, strikes, cancel);
    }

    private async Task<List<RecoveryRecord>> DoneAsync(CancellationToken cancel) => File.Exists(file)
        ? [.. (await File.ReadAllLinesAsync(file, cancel)).Select(line => JsonSerializer.Deserialize<RecoveryRecord>(line, Json)!).Where(one => one.Store == store && one.Of == of)] // no line is null
        : [];
}
