using System.Diagnostics;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>A foreign server held by a shell that waits on our pipe: it ends with this process, however that ends.</summary>
internal sealed class ShellServer : IAsyncDisposable
{
    private readonly Process _shell;

    private ShellServer(Process shell) => _shell = shell;

    /// <param name="start">Commands that leave the server running, and its process id in <c>$pid</c>.</param>
    /// <param name="stop">Commands that end it.</param>
    /// <param name="log">Where its words go.</param>
    public static async Task<(ShellServer Server, int Id)> StartAsync(string start, string stop, string log, IReadOnlyDictionary<string, string> environment)
    {
        var info = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", $"exec 3>&1 >{log} 2>&1\n{start}\necho \"$pid\" >&3\nexec 3>&-\nread -r line\n{stop}\n" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        var shell = Process.Start(info) ?? throw new DevFault("/bin/sh did not start");
        var answer = await shell.StandardOutput.ReadLineAsync();
        if (!int.TryParse(answer, out var id)) throw new DevFault($"A server did not start: {await File.ReadAllTextAsync(log)}");
        return (new ShellServer(shell), id);
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
