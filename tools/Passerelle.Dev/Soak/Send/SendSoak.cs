using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Passerelle.Dev.Bench.Send;

namespace Passerelle.Dev.Soak.Send;

/// <summary>
/// Every app at the limit of its mailbox, with bulk waiting all the while: nothing is throttled, the queue does not grow, answers do not wait
/// behind bulk, memory is bounded. Each finished run is a line in the file.
/// </summary>
internal sealed class SendSoak(string file, TextWriter progress)
{
    private const double PerMinute = 30;
    private const double AnswersPerMinute = 3;
    private const double LongestWait = 4;
    private const double MostMegabytes = 400;

    /// <summary>What is on its way when one looks: an app sends one letter every two seconds.</summary>
    private const double GrowthOfEach = 2;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(70);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string[] Self = ["exec", typeof(SendSoak).Assembly.Location];

    /// <param name="bulk">Letters of each app that wait from the beginning.</param>
    /// <param name="minutes">That are measured; the first one, in which all connections are opened, is not.</param>
    public async Task<SoakResult> RunAsync(int apps, int bulk, int minutes, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // a full path to a file has a folder
        var folder = Directory.CreateTempSubdirectory("passerelle-soak-send-").FullName;
        try
        {
            var record = await RunAsync(folder, apps, bulk, minutes, cancel);
            await File.AppendAllLinesAsync(file, [JsonSerializer.Serialize(record, Json)], CancellationToken.None);
            return ResultOf(record);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<SendRecord> RunAsync(string folder, int apps, int bulk, int minutes, CancellationToken cancel)
    {
        var certificate = Path.Combine(folder, "ca.pem");
        var (sink, said) = await SenderProcess.StartAsync("The sink", "dotnet", [.. Self, SendSoakCommands.SinkName, "--certificate", certificate], null, cancel);
        await using var held = sink;
        var port = int.Parse(said, CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        var organisation = await SendingGateway.PrepareAsync(folder, certificate, port, apps, bulk, cancel);
        await SayAsync($"{apps} apps and {(long)apps * bulk} letters of bulk written in {clock.Elapsed.TotalSeconds:0} s");
        var (before, after, seen) = await MeasureAsync(folder, certificate, port, organisation, minutes, sink, cancel);
        var states = await SendingGateway.CountAsync(folder, certificate, port, cancel);
        var all = await sink.AskAsync<SinkReport>(SendSoakCommands.Look, cancel);
        return new SendRecord
        {
            At = TimeProvider.System.GetUtcNow(),
            Apps = apps,
            Bulk = bulk,
            Minutes = minutes,
            Written = after.Written,
            WaitedBefore = before.Waiting,
            WaitedAfter = after.Waiting,
            Megabytes = after.Megabytes,
            Processor = (after.Processor - before.Processor) / (minutes * 60),
            Sink = seen,
            Lost = Math.Max(0, states.GetValueOrDefault("settled") - all.Known),
            States = states,
        };
    }

    private async Task<(GatewayReport Before, GatewayReport After, SinkReport Seen)> MeasureAsync(
        string folder, string certificate, int port, Guid organisation, int minutes, SenderProcess sink, CancellationToken cancel)
    {
        string[] arguments =
        [
            .. Self, SendSoakCommands.GatewayName, "--folder", folder, "--certificate", certificate, "--organisation", organisation.ToString(),
            "--port", Number(port), "--per-minute", Number(PerMinute), "--answers", Number(AnswersPerMinute),
        ];
        var (process, _) = await SenderProcess.StartAsync("The gateway", "dotnet", arguments, AsInstalled, cancel);
        await using var gateway = process;
        await Task.Delay(WarmUp, cancel);
        await sink.AskAsync<SinkReport>(SendSoakCommands.Mark, cancel);
        var before = await gateway.AskAsync<GatewayReport>(SendSoakCommands.Mark, cancel);
        for (var minute = 1; ; minute++)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), cancel);
            var seen = await sink.AskAsync<SinkReport>(SendSoakCommands.Look, cancel);
            var after = await gateway.AskAsync<GatewayReport>(SendSoakCommands.Look, cancel);
            await SayAsync($"minute {minute}: {seen.Taken} taken, {after.Written} written, {after.Waiting} wait, answers {seen.Median:0.00} s, p99 {seen.Worst99:0.00} s, {seen.Throttled} throttled, {seen.Connections} connections, {after.Megabytes:0} MB, processor {(after.Processor - before.Processor) / (minute * 60):0.00}");
            if (minute == minutes) return (before, after, seen);
        }
    }

    /// <summary>What the gateway's own program sets for itself.</summary>
    private static Dictionary<string, string> AsInstalled => new() { ["DOTNET_gcServer"] = "0", ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0" };

    private static SoakResult ResultOf(SendRecord one)
    {
        var missed = new List<string>();
        if (one.Sink.Throttled > 0) missed.Add($"{one.Sink.Throttled} answers 432");
        if (one.WaitedAfter - one.WaitedBefore > one.Apps * GrowthOfEach) missed.Add("the queue grew");
        if (one.Sink.Worst99 > LongestWait) missed.Add("answers waited too long");
        if (one.Megabytes > MostMegabytes) missed.Add("the gateway took too much memory");
        var duplicated = (int)one.Sink.Duplicated;
        return new("send", 1, (int)one.Lost, duplicated, missed.Count, [Figures(one), .. missed, string.Join(", ", one.States.Select(state => $"{state.Value} {state.Key}"))]);
    }

    private static string Figures(SendRecord one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Apps} apps, {one.Minutes} minutes: {one.Written} letters written and {one.Sink.Taken} taken ({one.Sink.Taken / (one.Minutes * (double)one.Apps):0.00} a minute and app), {one.WaitedBefore} waited before and {one.WaitedAfter} after; {one.Sink.Answers} answers waited {one.Sink.Median:0.00} s in the middle, {one.Sink.Worst99:0.00} s p99, {one.Sink.Worst:0.00} s at most; {one.Sink.Throttled} answers 432, {one.Sink.Delayed} kept waiting by the server ({one.Sink.LongestDelay:0.00} s at most); {one.Megabytes:0} MB at most; {one.Processor:0.00} of a processor");

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private Task SayAsync(FormattableString text) => progress.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));
}
