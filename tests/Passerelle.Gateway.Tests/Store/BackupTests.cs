using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests.Store;

public sealed class BackupTests : IAsyncDisposable
{
    private static readonly Guid Organisation = Guid.Parse("0199a000-0000-7000-8000-00000000000a");
    private readonly StoreFolder _folder = StoreFolder.OnSqlite();
    private readonly StoreFolder _other = StoreFolder.OnSqlite();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private string Target => Path.Combine(_folder.Data, "..", "backup");

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_backup_made_while_mail_arrives_restores_rows_and_spooled_mail()
    {
        var store = _folder.Open();
        var spool = Spools.For(_folder.Options);
        await PutMailAsync(store, spool);
        for (var n = 0; n < 200; n++) await PutAsync(store, $"before{n}");
        using var stop = new CancellationTokenSource();
        var busy = KeepWritingAsync(store, stop.Token);

        await new Backup(store, spool, Options.Create(_folder.Options)).WriteAsync(Target, Cancel);
        await stop.CancelAsync();
        await busy;
        await Backup.RestoreAsync(Target, _other.Options, TimeProvider.System, Cancel);

        var restored = _other.Open();
        Assert.Equal(200, await restored.ReadAsync(tx => tx.Across("test").One<long>("SELECT COUNT(*) FROM installation WHERE name LIKE 'before%'"), Cancel));
        Assert.Equal("ok", await restored.ReadAsync(tx => tx.Across("test").One<string>("PRAGMA integrity_check"), Cancel));
        await using var mail = await new RawMails(restored, Spools.For(_other.Options)).OpenAsync(Organisation, Organisation, Cancel);
        Assert.Equal(100_000, mail.Length);
        Assert.Contains("The key file is NOT in it", await File.ReadAllTextAsync(Path.Combine(Target, "README.txt"), Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_is_never_mixed_with_other_files_and_a_restore_never_overwrites()
    {
        var store = _folder.Open();
        var backup = new Backup(store, Spools.For(_folder.Options), Options.Create(_folder.Options));
        await Assert.ThrowsAsync<BackupRefused>(() => backup.WriteAsync(_folder.Data, Cancel));
        await backup.WriteAsync(Target, Cancel);

        await store.DisposeAsync();
        await Assert.ThrowsAsync<BackupRefused>(() => Backup.RestoreAsync(Target, _folder.Options, TimeProvider.System, Cancel));
        await Assert.ThrowsAsync<BackupRefused>(() => Backup.RestoreAsync(_other.Data, _other.Options, TimeProvider.System, Cancel));
    }

    private static Task<int> PutAsync(IStore store, string name) => store.WriteAsync(
        Lane.Work,
        tx => tx.Across("global").Execute("INSERT INTO installation (name, value) VALUES (@name, @value)", new { name, value = new string('x', 5000) }),
        Cancel);

    private static async Task KeepWritingAsync(IStore store, CancellationToken stop)
    {
        for (var n = 0; !stop.IsCancellationRequested; n++) await PutAsync(store, $"during{n}");
    }

    private static async Task PutMailAsync(IStore store, Spool spool)
    {
        await using var arrival = spool.Begin();
        await arrival.WriteAsync(new byte[100_000], Cancel);
        await arrival.PlaceAsync([(Organisation, Organisation)], Cancel);
        await store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                arrival.Insert(tx, Organisation, Organisation, DateTimeOffset.UnixEpoch);
                return true;
            },
            Cancel);
    }
}
