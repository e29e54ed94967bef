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
        var installed = await NpmFolder.InstallAsync("Haraka", Source, progress, cancel);
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
}
