using System.Diagnostics;
using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>
/// Haraka from npm, one process for each processor, with no plugin but <c>haraka/plugins/queue_file.js</c>, which writes and
/// fsyncs one file a mail. Installed once, into the user's cache.
/// </summary>
internal sealed class HarakaReceiver : IReceiver
{
    private const string Address = "support@in.passerelle.example";
    private readonly ShellServer _server;
    private readonly string _folder;

    private HarakaReceiver(ShellServer server, string folder, int port, int root)
    {
        _server = server;
        _folder = folder;
        Port = port;
        Roots = [root];
    }

    public string Name => "Haraka";
    public int Port { get; }
    public string Recipient => Address;
    public IReadOnlyList<int> Roots { get; }

    /// <exception cref="DevFault">npm could not install it.</exception>
    public static async Task<HarakaReceiver> StartAsync(TextWriter progress, CancellationToken cancel)
    {
        var installed = await InstallAsync(progress, cancel);
        var folder = Directory.CreateTempSubdirectory("passerelle-haraka-").FullName;
        var port = DevFolder.AnyPorts().GatewaySmtp;
        foreach (var part in (string[])["config", "plugins", "queue"]) Directory.CreateDirectory($"{folder}/{part}");
        File.Copy($"{installed}/node_modules/Haraka/config/connection.ini", $"{folder}/config/connection.ini");
        File.Copy(Path.Combine(Source, "plugins", "queue_file.js"), $"{folder}/plugins/queue_file.js");
        await File.WriteAllTextAsync($"{folder}/config/smtp.ini", string.Create(CultureInfo.InvariantCulture, $"listen=127.0.0.1:{port}\nnodes=cpus\n"), cancel);
        await File.WriteAllTextAsync($"{folder}/config/plugins", "queue_file\n", cancel);
        await File.WriteAllTextAsync($"{folder}/config/loglevel", "LOGERROR\n", cancel);
        await File.WriteAllTextAsync($"{folder}/config/me", "mx.in.passerelle.example\n", cancel);
        var (server, id) = await ShellServer.StartAsync(
            $"node {installed}/node_modules/Haraka/bin/haraka -c {folder} &\npid=$!", "kill $pid; wait $pid", $"{folder}/log",
            new Dictionary<string, string> { ["BENCH_QUEUE"] = $"{folder}/queue", ["BENCH_RECIPIENT"] = Address });
        return new HarakaReceiver(server, folder, port, id);
    }

    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles($"{_folder}/queue")) File.Delete(file);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Source => Path.Combine(AppContext.BaseDirectory, "Bench", "Receive", "haraka");

    /// <returns>The folder that holds <c>node_modules</c>.</returns>
    private static async Task<string> InstallAsync(TextWriter progress, CancellationToken cancel)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "passerelle", "bench-haraka");
        Directory.CreateDirectory(folder);
        var wanted = await File.ReadAllTextAsync(Path.Combine(Source, "package.json"), cancel);
        var known = Path.Combine(folder, "installed.json"); // written last: a broken-off installation is done again
        if (File.Exists(known) && await File.ReadAllTextAsync(known, cancel) == wanted) return folder;
        progress.WriteLine("Installing Haraka from npm (once) ...");
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), wanted, cancel);
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--omit=dev", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new DevFault("npm did not start");
        var said = npm.StandardOutput.ReadToEndAsync(cancel);
        var complained = await npm.StandardError.ReadToEndAsync(cancel);
        await npm.WaitForExitAsync(cancel);
        if (npm.ExitCode != 0) throw new DevFault($"npm could not install Haraka: {await said}{complained}");
        await File.WriteAllTextAsync(known, wanted, cancel);
        return folder;
    }
}
