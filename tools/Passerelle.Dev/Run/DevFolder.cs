using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Passerelle.Dev.Run;

/// <summary>What a first <c>./dev run</c> chooses and the next ones keep: ports and the admin's password.</summary>
internal sealed record DevSettings(
    int GatewayHttp, int GatewaySmtp, int LabHttps, int LabHttp, int LabSmtp, int LabMx, int LabDns, string AdminPassword)
{
    /// <summary>0 in a folder that was made before the lab's IMAP had a port of its own.</summary>
    public int LabImap { get; init; }

    public string PublicUrl => $"http://localhost:{GatewayHttp}";

    /// <summary>The lab's DNS and its mail route know it.</summary>
    public string InboundDomain { get; init; } = GatewayProcess.InboundDomain;
}

/// <summary>The folder <c>data/dev</c>.</summary>
internal sealed class DevFolder(string root)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public string Lab => Path.Combine(root, "lab");
    public string Gateway => Path.Combine(root, "gateway");
    public string KeyFile => Path.Combine(root, "key");
    public string LabLog => Path.Combine(root, "lab.log");
    public string GatewayLog => Path.Combine(root, "gateway.log");
    public string OperatorSocket => Path.Combine(Gateway, "run", "operator.sock");
    private string SettingsFile => Path.Combine(root, "settings.json");

    public async Task<DevSettings> OpenAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Lab);
        Directory.CreateDirectory(Gateway);
        if (File.Exists(SettingsFile))
        {
            await using var known = File.OpenRead(SettingsFile);
            return await JsonSerializer.DeserializeAsync<DevSettings>(known, cancellationToken: cancel)
                ?? throw new DevFault($"{SettingsFile} is empty: remove {root} to start anew");
        }
        var settings = new DevSettings(
            Free(8080), Free(2525), Free(8443), Free(8081), Free(2587), Free(2526), Free(2553), NewPassword())
        {
            LabImap = Free(2993),
        };
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(SettingsFile, mode);
        await JsonSerializer.SerializeAsync(file, settings, Json, cancel);
        return settings;
    }

    /// <summary>For a gateway that nobody looks for, beside a lab that chooses its own ports.</summary>
    public static DevSettings AnyPorts() => new(Free(0), Free(0), 0, 0, 0, 0, 0, NewPassword());

    private static string NewPassword() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <returns>The wished port, or any free one when somebody has it.</returns>
    private static int Free(int wished)
    {
        foreach (var port in new[] { wished, 0 })
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return ((IPEndPoint)socket.LocalEndPoint!).Port; // bound a line above
            }
            catch (SocketException) when (port != 0)
            {
                // taken: ask the system for another
            }
        }
        throw new DevFault("No free port on loopback");
    }
}
