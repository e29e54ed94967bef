using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>
/// Proves that whoever opens the first-run page also holds the machine: printed to the console and written to a file only
/// the owner can read. The store knows its hash; a new start makes a new one until the first run is done.
/// </summary>
internal sealed class FirstRunToken(IStore store, Installations installations, IOptions<StoreOptions> options) : IHostedService
{
    private const string Setting = "first_run_token";

    public string FilePath => Path.Combine(options.Value.DataFolder, "first-run-token");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await installations.FindAsync(cancellationToken) is not null) return;
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await store.WriteAsync(
            Lane.Work,
            tx => tx.Across("settings of the installation").Execute(
                """
                INSERT INTO installation (name, value) VALUES (@Setting, @hash)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                new { Setting, hash = HashOf(token) }),
            cancellationToken);
        await WriteFileAsync(token, cancellationToken);
        // to the console on purpose, not to the log: logs travel, and this one opens the installation
        await Console.Out.WriteLineAsync($"First run: open /first-run and enter the token {token} (also in {FilePath})");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes the token out within the caller's transaction: of two who hold it, one succeeds.</summary>
    public static bool Spend(Tx tx, string token) => tx.Across("settings of the installation").Execute(
        "DELETE FROM installation WHERE name = @Setting AND value = @hash", new { Setting, hash = HashOf(token.Trim()) }) == 1;

    public Task<bool> IsRightAsync(string token, CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("settings of the installation").One<long>(
            "SELECT COUNT(*) FROM installation WHERE name = @Setting AND value = @hash",
            new { Setting, hash = HashOf(token.Trim()) }) == 1,
        cancel);

    public void RemoveFile() => File.Delete(FilePath);

    private async Task WriteFileAsync(string token, CancellationToken cancel)
    {
        File.Delete(FilePath); // an older one may have other rights
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(FilePath, mode);
        await file.WriteLineAsync(token.AsMemory(), cancel);
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
