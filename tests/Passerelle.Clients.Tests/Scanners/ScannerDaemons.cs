using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Passerelle.Clients.Tests.Senders;

namespace Passerelle.Clients.Tests.Scanners;

/// <summary>
/// clamd and rspamd of Debian, unpacked, each with a configuration of its own in a folder of its own and nothing of the internet: clamd
/// knows one signature, of a file that harms nobody; rspamd has no module, so what it knows is its own test pattern (GTUBE).
/// </summary>
public sealed class ScannerDaemons : IAsyncLifetime
{
    /// <summary>Stands in the one signature.</summary>
    public const string Harmless = "X-PASSERELLE-HARMLESS-TEST-FILE";

    /// <summary>The Generic Test for Unsolicited Bulk Email (spamassassin.apache.org/gtube).</summary>
    public const string Gtube = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private const string Signature = "Passerelle.Test.File";
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-scanners-").FullName;
    private readonly StringBuilder _log = new();
    private readonly int _clamdPort = Ports.Kept(), _rspamdPort = Ports.Kept();
    private readonly List<Process> _running = [];
    private Process? _clamd;

    public string ClamdAddress => $"127.0.0.1:{_clamdPort}";

    public string ClamdSocket => Path.Combine(_folder, "clamd.sock");

    public string RspamdAddress => $"http://127.0.0.1:{_rspamdPort}";

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "signatures", "run" }) Directory.CreateDirectory(Path.Combine(_folder, name));
        await File.WriteAllTextAsync(Path.Combine(_folder, "signatures", "test.ndb"), $"{Signature}:0:*:{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Harmless))}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "clamd.conf"), $"""
            DatabaseDirectory {_folder}/signatures
            TCPAddr 127.0.0.1
            TCPSocket {_clamdPort}
            LocalSocket {ClamdSocket}
            FixStaleSocket yes
            TemporaryDirectory {_folder}/run
            StreamMaxLength 2M
            Foreground yes

            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rspamd.conf"), $$"""
            options {
              filters = "";
              tempdir = "{{_folder}}/run";
              pidfile = "{{_folder}}/run/rspamd.pid";
              hs_cache_dir = "{{_folder}}/run";
              url_tld = "{{Programs.Unpacked("scanners/usr/share/rspamd/effective_tld_names.dat")}}";
              dns { nameserver = ["127.0.0.1:9:1"]; timeout = 1s; retransmits = 1; }
            }
            logging { type = "console"; level = "warning"; }
            actions { reject = 15; add_header = 6; greylist = 4; }
            worker "normal" { bind_socket = "127.0.0.1:{{_rspamdPort}}"; count = 1; }

            """);
        var share = Programs.Unpacked("scanners/usr/share/rspamd");
        Start("scanners/usr/bin/rspamd", [
            "-f", "-i", "-c", $"{_folder}/rspamd.conf", $"--var=DBDIR={_folder}/run", $"--var=RUNDIR={_folder}/run", $"--var=SHAREDIR={share}",
            $"--var=RULESDIR={share}/rules", $"--var=LUALIBDIR={share}/lualib", $"--var=PLUGINSDIR={share}/plugins",
        ]);
        await StartClamdAsync();
        await ListensAsync(_rspamdPort);
    }

    public async Task StartClamdAsync()
    {
        _clamd = Start("scanners/usr/sbin/clamd", ["-c", Path.Combine(_folder, "clamd.conf")]);
        await ListensAsync(_clamdPort);
    }

    public async Task StopClamdAsync()
    {
        if (_clamd is null) return;
        _clamd.Kill(entireProcessTree: true);
        await _clamd.WaitForExitAsync(ClientsLab.Cancel);
        _running.Remove(_clamd);
        _clamd.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var libraries = Path.GetDirectoryName(Directory.EnumerateFiles(Programs.Unpacked("scanners/usr/lib"), "libclamav.so.*", SearchOption.AllDirectories).First()) ?? "";
        var start = new ProcessStartInfo(Programs.Unpacked(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_LIBRARY_PATH"] = $"{libraries}:{Programs.Unpacked("scanners/usr/lib/rspamd")}";
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += Say;
        process.ErrorDataReceived += Say;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _running.Add(process);
        return process;
    }

    private void Say(object sender, DataReceivedEventArgs said)
    {
        lock (_log) _log.AppendLine(said.Data);
    }

    /// <summary>rspamd compiles its patterns first: up to a minute on a busy machine.</summary>
    private async Task ListensAsync(int port)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ClientsLab.Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                if (_running.Exists(process => process.HasExited)) throw new InvalidOperationException(Log());
            }
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
            }
            catch (OperationCanceledException) when (!ClientsLab.Cancel.IsCancellationRequested)
            {
                throw new InvalidOperationException(Log());
            }
        }
    }

    private string Log()
    {
        lock (_log) return _log.ToString();
    }
}
