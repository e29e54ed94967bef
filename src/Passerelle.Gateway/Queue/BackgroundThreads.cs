using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Passerelle.Gateway.Queue;

/// <summary>
/// Threads for work that can wait. They give way to whoever answers a client: mail that was taken is safe, mail at the door is
/// not yet. On an idle machine they have all of it, so nothing is slower while nobody is in a hurry.
/// </summary>
/// <remarks>
/// .NET leaves thread priorities alone on Linux, where each thread has a niceness of its own (sched(7)): 5 has a third
/// of the usual weight, and never none. What awaits on these threads goes on there.
/// </remarks>
internal sealed class BackgroundThreads : TaskScheduler, IDisposable
{
    private const int ProcessOfThread = 0; // PRIO_PROCESS with the id 0 means the calling thread
    private const int Niceness = 5;

    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread[] _threads;
    private volatile bool _closed;

    public BackgroundThreads()
    {
        _threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)
        {
            IsBackground = true,
            Name = "background",
            Priority = ThreadPriority.BelowNormal,
        })];
        foreach (var thread in _threads) thread.Start();
    }

    public override int MaximumConcurrencyLevel => _threads.Length;

    /// <summary>Runs <paramref name="work"/> here, with everything that it awaits.</summary>
    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    /// <summary>What is queued still runs; what comes later runs on the thread that brings it.</summary>
    public void Dispose()
    {
        _closed = true;
        _tasks.CompleteAdding();
        foreach (var thread in _threads) thread.Join();
        _tasks.Dispose();
    }

    protected override void QueueTask(Task task)
    {
        try
        {
            if (!_closed)
            {
                _tasks.Add(task);
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // closed meanwhile
        }
        TryExecuteTask(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Array.IndexOf(_threads, Thread.CurrentThread) >= 0 && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    private void Work()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(ProcessOfThread, 0, Niceness); // refused: then they are as urgent as the others
        foreach (var task in _tasks.GetConsumingEnumerable()) TryExecuteTask(task);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
