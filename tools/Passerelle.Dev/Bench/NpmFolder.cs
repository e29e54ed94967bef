using System.Diagnostics;
using Passerelle.Dev.Run;

namespace Passerelle.Dev.Bench;

/// <summary>A peer from npm, installed once into the user's cache.</summary>
internal static class NpmFolder
{
    /// <param name="name">What a person calls it.</param>
    /// <param name="source">A folder whose <c>package.json</c> names the versions.</param>
    /// <returns>The folder that holds <c>node_modules</c>.</returns>
    /// <exception cref="DevFault">npm could not install it.</exception>
    public static async Task<string> InstallAsync(string name, string source, TextWriter progress, CancellationToken cancel)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "passerelle", $"bench-{name.ToLowerInvariant()}");
        Directory.CreateDirectory(folder);
        var wanted = await File.ReadAllTextAsync(Path.Combine(source, "package.json"), cancel);
        var known = Path.Combine(folder, "installed.json"); // written last: a broken-off installation is done again
        if (File.Exists(known) && await File.ReadAllTextAsync(known, cancel) == wanted) return folder;
        progress.WriteLine($"Installing {name} from npm (once) ...");
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
        if (npm.ExitCode != 0) throw new DevFault($"npm could not install {name}: {await said}{complained}");
        await File.WriteAllTextAsync(known, wanted, cancel);
        return folder;
    }
}
