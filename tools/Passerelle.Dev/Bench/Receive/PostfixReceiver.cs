using System.Globalization;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench.Receive;

/// <summary>
/// Debian's Postfix, an instance of its own in a temporary folder. Mail goes into the queue <c>hold</c>: smtpd and cleanup write
/// and fsync the queue file before 250, and nothing delivers it, which is the least that Postfix can do for a mail. No log, no TLS, no
/// look-up of the client's name, no limits on clients, a process for each session: all in its favour.
/// </summary>
internal sealed class PostfixReceiver : IReceiver
{
    private const string Domain = "in.passerelle.example";
    private readonly ShellServer _server;
    private readonly string _folder;

    private PostfixReceiver(ShellServer server, string folder, int port, int root)
    {
        _server = server;
        _folder = folder;
        Port = port;
        Roots = [root];
    }

    public string Name => "Postfix";
    public int Port { get; }
    public string Recipient => $"support@{Domain}";
    public IReadOnlyList<int> Roots { get; }

    /// <exception cref="DevFault">It is not installed, or we are not root, which its master process has to be.</exception>
    public static async Task<PostfixReceiver> StartAsync()
    {
        if (!File.Exists("/usr/sbin/postfix")) throw new DevFault("Postfix is missing: apt-get install postfix");
        if (Environment.UserName != "root") throw new DevFault("Postfix starts as root only: run the bench as root");
        var folder = Directory.CreateTempSubdirectory("passerelle-postfix-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | (UnixFileMode)0b101_101);
        foreach (var part in (string[])["conf", "queue", "data"]) Directory.CreateDirectory($"{folder}/{part}");
        var port = DevFolder.AnyPorts().GatewaySmtp;
        await File.WriteAllTextAsync($"{folder}/conf/main.cf", MainFile(folder));
        await File.WriteAllTextAsync($"{folder}/conf/master.cf", MasterFile(port));
        var (server, id) = await ShellServer.StartAsync(
            $"chown postfix {folder}/data; postfix -c {folder}/conf start && pid=$(tr -d ' ' < {folder}/queue/pid/master.pid)",
            $"postfix -c {folder}/conf stop", $"{folder}/log", new Dictionary<string, string>());
        return new PostfixReceiver(server, folder, port, id);
    }

    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles($"{_folder}/queue/hold", "*", SearchOption.AllDirectories)) File.Delete(file);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string MainFile(string folder) =>
        $$"""
        compatibility_level = 3.6
        queue_directory = {{folder}}/queue
        data_directory = {{folder}}/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        myhostname = mx.{{Domain}}
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mydestination =
        local_recipient_maps =
        alias_maps =
        alias_database =
        relay_domains = {{Domain}}
        relay_recipient_maps = inline:{ support@{{Domain}}=taken }
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_recipient_restrictions = check_recipient_access static:HOLD
        smtpd_peername_lookup = no
        smtpd_client_connection_count_limit = 0
        in_flow_delay = 0
        default_process_limit = 600
        message_size_limit = 52428800

        """;

    private static string MasterFile(int port) => string.Create(CultureInfo.InvariantCulture,
        $"""
        127.0.0.1:{port} inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        error unix - - n - - error
        retry unix - - n - - error
        relay unix - - n - - smtp
        showq unix n - n - - showq
        anvil unix - - n - 1 anvil
        proxymap unix - - n - - proxymap

        """);
}
