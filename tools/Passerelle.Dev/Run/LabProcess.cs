using System.Globalization;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Run;

/// <summary>A running <c>passerelle-lab serve</c>.</summary>
internal sealed class LabProcess(ChildProcess child, LabConnection connection) : IAsyncDisposable
{
    public LabConnection Connection => connection;

    public static async Task<LabProcess> StartAsync(DevFolder folder, DevSettings settings, CancellationToken cancel)
    {
        File.Delete(Path.Combine(folder.Lab, "lab.json")); // a killed lab leaves it behind, and it would be believed
        var child = ChildProcess.Start(Programs.Lab, folder.LabLog,
        [
            "serve", "--data", folder.Lab,
            .. Port("--https-port", settings.LabHttps), .. Port("--http-port", settings.LabHttp),
            .. Port("--smtp-port", settings.LabSmtp), .. Port("--mx-port", settings.LabMx), .. Port("--dns-port", settings.LabDns), .. Port("--imap-port", settings.LabImap),
        ]);
        var endpoints = await child.WhenAsync("The lab", folder.LabLog, () => LabAddresses.FindAsync(folder.Lab, cancel), cancel);
        return new(child, new LabConnection(endpoints));
    }

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await child.DisposeAsync();
    }

    private static IEnumerable<string> Port(string option, int port) => [option, port.ToString(CultureInfo.InvariantCulture)];
}

/// <summary>Our programs as the build left them beside this tool.</summary>
internal static class Programs
{
    private static readonly string Root = FindRoot();

    public static string Lab => Path.Combine(Root, "src/Passerelle.Lab/bin/Debug/net10.0/passerelle-lab");
    public static string Gateway => Path.Combine(Root, "src/Passerelle.Gateway/bin/Debug/net10.0/passerelle");

    /// <summary>Built by tools/soak.sh and tools/bench.sh for what measures.</summary>
    public static string ReleaseGateway => Path.Combine(Root, "src/Passerelle.Gateway/bin/Release/net10.0/passerelle");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) return folder.FullName;
        }
        throw new DevFault("This tool runs inside a clone of Passerelle");
    }
}
