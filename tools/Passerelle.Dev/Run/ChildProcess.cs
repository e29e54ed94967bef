using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Passerelle.Dev.Run;

/// <summary>One of our programs, its output in a log file, stopped with SIGTERM so that it can drain.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly StreamWriter _log;

    private ChildProcess(Process process, StreamWriter log)
    {
        _process = process;
        _log = log;
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <param name="program">Path of the executable without <c>.dll</c>.</param>
    /// <param name="asInstalled">With the settings that an installation has, rather than those of a demonstration.</param>
    public static ChildProcess Start(string program, string logFile, IEnumerable<string> arguments, bool asInstalled = false)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", $"{program}.dll", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (!asInstalled)
        {
            start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development"; // static assets come from the build output
            start.Environment["DOTNET_TieredPGO"] = "0"; // a demonstration starts more than it runs
        }
        var process = Process.Start(start) ?? throw new DevFault($"{program} did not start");
        return new(process, new StreamWriter(logFile, append: true) { AutoFlush = true });
    }

    public int Id => _process.Id;

    /// <summary>Polls until <paramref name="ready"/> answers; a program that has ended is a fault at once.</summary>
    public async Task<T> WhenAsync<T>(string what, string logFile, Func<Task<T?>> ready, CancellationToken cancel)
        where T : class
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        while (true)
        {
            if (_process.HasExited) throw new DevFault($"{what} ended with {_process.ExitCode}; its log is {logFile}");
            if (await ready() is { } answer) return answer;
            try
            {
                await Task.Delay(50, either.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new DevFault($"{what} was not ready within a minute; its log is {logFile}");
            }
        }
    }

    /// <summary>SIGKILL: as if the power of this one process had failed.</summary>
    /// <exception cref="DevFault">It had ended by itself.</exception>
    public async Task KillAsync()
    {
        if (_process.HasExited) throw new DevFault($"A program had ended with {_process.ExitCode} before it was killed");
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGSTOP: it is there, and does nothing; to the others it looks like a machine that hangs.</summary>
    public void Freeze() => _ = Kill(_process.Id, SigStop);

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public void Thaw() => _ = Kill(_process.Id, SigCont);

    /// <returns>Null while it runs.</returns>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited && Kill(_process.Id, SigTerm) == 0)
        {
            using var deadline = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true); // accepted mail is on disk by contract; nothing else is owed
            }
        }
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private void Write(string? line)
    {
        if (line is null) return;
        lock (_log) _log.WriteLine(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}

/// <summary>Something that a developer has to read: the message is the whole story.</summary>
internal sealed class DevFault(string message) : Exception(message);
