using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Store;

[assembly: Xunit.v3.Parallelization(MaxThreads = 4)] // each has a store of its own, and waits more than it works

namespace Passerelle.Gateway.Tests;

/// <summary>A real SQLite store in a folder of its own, a clock that tests move, one organisation that exists.</summary>
internal sealed class TempStore : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-test-").FullName;

    /// <param name="postgres">Connection string of an empty database; null: SQLite.</param>
    public TempStore(string? postgres = null)
    {
        if (postgres is null) MigratedStore.CopyTo(_folder);
        Options = new StoreOptions { DataFolder = _folder, Postgres = postgres };
        Store = Opening.Open(Options);
        Sealer = new Sealer(new EphemeralDataProtectionProvider());
        Installations = new Installations(Store);
        AppsOptions = Microsoft.Extensions.Options.Options.Create(new AppsOptions { AssertionFolders = [_folder] });
        Preset = new Preset(AppsOptions);
        Apps = new EmailApps(Store, Sealer, Installations, Preset, Time);
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));
    public StoreOptions Options { get; }
    public IStore Store { get; }
    public Sealer Sealer { get; }
    public Installations Installations { get; }
    public Microsoft.Extensions.Options.IOptions<AppsOptions> AppsOptions { get; }
    public Preset Preset { get; }
    public EmailApps Apps { get; }
    public string Folder => _folder;

    /// <summary>An installation at https://mail.contoso.example with the inbound domain in.contoso.example.</summary>
    public async Task<Guid> OrganisationAsync(string name = "Contoso")
    {
        var id = Guid.CreateVersion7(Time.GetUtcNow());
        await Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                Installations.Write(tx, new Installation("https://mail.contoso.example", "in.contoso.example", "proxy"));
                return tx.Across("the list of owners").Execute(
                    "INSERT INTO organisation (id, name, created_at) VALUES (@id, @name, @now)",
                    new { id, name, now = Time.GetUtcNow() });
            },
            Cancel);
        return id;
    }

    /// <summary>Whether the bytes stand anywhere in the database's files, as they are.</summary>
    public async Task<bool> HoldsAsync(byte[] wanted)
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "passerelle.db*"))
        {
            await using var shared = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[shared.Length];
            await shared.ReadExactlyAsync(bytes, Cancel);
            if (bytes.AsSpan().IndexOf(wanted) >= 0) return true;
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
