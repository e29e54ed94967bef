using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Tests.Queue;

public sealed class BackgroundThreadsTests
{
    [Fact]
    public async Task What_runs_in_the_background_stays_there_across_every_await()
    {
        using var background = new BackgroundThreads();
        var names = new List<string?>();
        await background.RunAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                names.Add(Thread.CurrentThread.Name);
                await Task.Run(() => { }, TestContext.Current.CancellationToken);
            }
        });
        Assert.Equal(["background", "background", "background"], names);
    }

    [Fact]
    public async Task On_Linux_it_gives_way_to_all_other_threads()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var background = new BackgroundThreads();
        var stat = "";
        await background.RunAsync(async () => stat = await Task.FromResult(File.ReadAllText("/proc/thread-self/stat")));
        Assert.Equal("5", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]); // proc(5): (19) nice
    }

    [Fact]
    public async Task An_exception_reaches_whoever_waits()
    {
        using var background = new BackgroundThreads();
        await Assert.ThrowsAsync<FormatException>(() => background.RunAsync(() => throw new FormatException()));
    }
}
