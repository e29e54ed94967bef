using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

/// <summary>A temporary folder with a store in it, opened as often as a test needs. Every test has its own.</summary>
internal sealed class StoreFolder : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-store-").FullName;
    private readonly List<IStore> _opened = [];

    public string Data => Path.Combine(_folder, "data");

    public StoreOptions Options { get; private set; } = new();

    public static StoreFolder OnSqlite(string synchronous = "FULL", int groupSize = 256, int queueLength = 4096, long leastFree = 0)
    {
        var folder = new StoreFolder();
        folder.Options = new StoreOptions
        {
            DataFolder = folder.Data,
            Synchronous = synchronous,
            GroupSize = groupSize,
            QueueLength = queueLength,
            LeastFreeBytes = leastFree,
            LongestReadSeconds = 1,
        };
        return folder;
    }

    public static async Task<StoreFolder> OnPostgresAsync()
    {
        var folder = new StoreFolder();
        folder.Options = new StoreOptions { DataFolder = folder.Data, Postgres = await PostgresServer.NewDatabaseAsync(), LongestReadSeconds = 1 };
        return folder;
    }

    public IStore Open()
    {
        var store = Opening.Open(Options);
        _opened.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened) await store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
