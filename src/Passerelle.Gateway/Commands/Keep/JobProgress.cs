using Passerelle.Gateway.Api;
using Spectre.Console;

namespace Passerelle.Gateway.Commands.Keep;

/// <summary>Watches a job until it has ended: a bar on a terminal, nothing elsewhere. Always on standard error, for standard output is the command's own.</summary>
internal static class JobProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static Task<JobView> WatchAsync(JobView job, Func<Task<JobView>> ask, TextWriter error, CancellationToken cancel) =>
        error != Console.Error || Console.IsErrorRedirected
            ? UntilEndedAsync(job, ask, _ => { }, cancel)
            : ShownAsync(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) }), job, ask, cancel);

    /// <param name="console">A terminal.</param>
    public static Task<JobView> ShownAsync(IAnsiConsole console, JobView job, Func<Task<JobView>> ask, CancellationToken cancel) =>
        console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask(job.Kind, maxValue: 100);
            return await UntilEndedAsync(
                job,
                ask,
                now =>
                {
                    bar.Description = now.Words.Length > 0 ? Markup.Escape($"{now.Kind}: {now.Words}") : now.Kind;
                    bar.IsIndeterminate = now.Percent is null && now.EndedAt is null;
                    bar.Value = now.State == "done" ? 100 : now.Percent ?? 0;
                },
                cancel);
        });

    private static async Task<JobView> UntilEndedAsync(JobView job, Func<Task<JobView>> ask, Action<JobView> show, CancellationToken cancel)
    {
        while (job.State is "waiting" or "running")
        {
            await Task.Delay(Pause, TimeProvider.System, cancel);
            job = await ask();
            show(job);
        }
        return job;
    }
}
