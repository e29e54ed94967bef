using System.Diagnostics;

namespace Passerelle.Clients.Tests.Senders;

internal static class Programs
{
    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(2);

    /// <summary>Where tools/install.sh unpacked the mail servers that exclude each other as packages.</summary>
    public static string Unpacked(string path) => Path.Combine(Repository(), "artifacts", "mail-servers", path);

    public static string Client(string language, string name) => Path.Combine(Repository(), "tests", "clients", language, name);

    /// <returns>Exit code and all that it printed, to both.</returns>
    public static async Task<(int Code, string Said)> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        using Process process = Start(program, arguments);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(ClientsLab.Cancel);
        bound.CancelAfter(AtMost);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(bound.Token), errors = process.StandardError.ReadToEndAsync(bound.Token);
            if (input is not null)
            {
                await using FileStream file = File.OpenRead(input);
                await file.CopyToAsync(process.StandardInput.BaseStream, bound.Token);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(bound.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    public static Process Start(string program, IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{program} did not start");

    private static string Repository()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Passerelle.slnx"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("Not inside the repository");
    }
}
