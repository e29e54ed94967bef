using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Send;

/// <summary>What one run of a sender came to.</summary>
/// <param name="SinkMilliseconds">Processor of the sink a mail: it must have had time left.</param>
internal sealed record Sample(double Rate, double Milliseconds, double Megabytes, double SinkMilliseconds);

/// <summary>A process of the bench; it ends when its input does, so also when we die.</summary>
internal sealed class SenderProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Process _process;

    private SenderProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }
    public int Id => _process.Id;

    /// <returns>The process, and its first line.</returns>
    /// <exception cref="DevFault">It ended without a word; what it had to say stands on standard error.</exception>
    public static async Task<(SenderProcess Process, string Line)> StartAsync(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) info.Environment[key] = value;
        var process = new SenderProcess(name, Process.Start(info) ?? throw new DevFault($"{program} did not start"));
        return (process, await process.HearAsync(cancel));
    }

    /// <param name="sink">Whose processor is told as well.</param>
    public async Task<Sample> RunAsync(int count, SenderProcess sink, CancellationToken cancel)
    {
        var before = Receive.Processes.Seconds([sink.Id]);
        var run = await AskAsync<SendRun>(count.ToString(CultureInfo.InvariantCulture), cancel);
        return new Sample(
            count / run.Seconds, run.Processor * 1000 / count, Receive.Processes.Megabytes([Id]), (Receive.Processes.Seconds([sink.Id]) - before) * 1000 / count);
    }

    public async Task<T> AskAsync<T>(string line, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        return JsonSerializer.Deserialize<T>(await HearAsync(cancel), Json)!; // written by our own program
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> HearAsync(CancellationToken cancel) =>
        await _process.StandardOutput.ReadLineAsync(cancel) ?? throw new DevFault($"{Name} ended in the middle");
}
