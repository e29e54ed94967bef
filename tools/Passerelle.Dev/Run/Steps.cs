using System.Diagnostics;
using System.Globalization;

namespace Passerelle.Dev.Run;

/// <summary>Says what is being done and how long it took.</summary>
/// <param name="output">Standard output, or standard error where that belongs to a JSON document.</param>
internal sealed class Steps(TextWriter output)
{
    private readonly Stopwatch _all = Stopwatch.StartNew();

    public TimeSpan Elapsed => _all.Elapsed;

    public async Task<T> TakeAsync<T>(string what, Func<Task<T>> step)
    {
        var watch = Stopwatch.StartNew();
        await output.WriteAsync($"  {what} ... ");
        var result = await step();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0.0} s"));
        return result;
    }

    public Task TakeAsync(string what, Func<Task> step) => TakeAsync(what, async () =>
    {
        await step();
        return true;
    });
}
