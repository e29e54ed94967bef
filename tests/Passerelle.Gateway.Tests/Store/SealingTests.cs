using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;

namespace Passerelle.Gateway.Tests.Store;

public sealed class SealingTests : IAsyncDisposable
{
    private static readonly Guid Organisation = Guid.Parse("0199a000-0000-7000-8000-000000000001");
    private static readonly Guid Row = Guid.Parse("0199a000-0000-7000-8000-000000000002");
    private readonly StoreFolder _folder = StoreFolder.OnSqlite();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private string KeyPath => _folder.Data + ".key";

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task What_was_sealed_opens_after_a_restart()
    {
        string @sealed;
        await using (var first = await StartAsync()) @sealed = Seal(first);
        await using var second = await StartAsync();

        Assert.Equal("s3cret", second.Sealer.Open("app", "client_secret", Organisation, Row, @sealed));
        Assert.DoesNotContain("s3cret", @sealed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_file_is_made_once_for_its_owner_only_and_outside_the_data_folder()
    {
        await using (var first = await StartAsync()) Seal(first);
        var made = await File.ReadAllTextAsync(KeyPath, Cancel);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        await using (var second = await StartAsync()) Seal(second);

        Assert.Equal(made, await File.ReadAllTextAsync(KeyPath, Cancel));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Data), file => file.EndsWith(".key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("oauth_grant", "client_secret", 1, 2)]
    [InlineData("app", "password", 1, 2)]
    [InlineData("app", "client_secret", 9, 2)]
    [InlineData("app", "client_secret", 1, 9)]
    public async Task A_ciphertext_that_was_moved_does_not_open(string table, string column, int organisation, int row)
    {
        await using var start = await StartAsync();
        var @sealed = Seal(start);
        Assert.Throws<CryptographicException>(() => start.Sealer.Open(table, column, Id(organisation), Id(row), @sealed));

        static Guid Id(int last) => Guid.Parse($"0199a000-0000-7000-8000-00000000000{last}");
    }

    [Fact]
    public async Task Without_its_key_file_the_start_fails_names_it_and_makes_no_second_ring()
    {
        await using (var first = await StartAsync()) Seal(first);
        File.Delete(KeyPath);

        var refusal = await Assert.ThrowsAsync<KeyFileUnusable>(async () => await StartAsync());
        Assert.Contains(KeyPath, refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyPath));
        Assert.Equal(1, await RingEntriesAsync());
    }

    [Fact]
    public async Task With_another_key_file_the_start_fails_names_it_and_makes_no_second_ring()
    {
        await using (var first = await StartAsync()) Seal(first);
        File.Delete(KeyPath);
        KeyFile.Make(KeyPath);

        var refusal = await Assert.ThrowsAsync<KeyFileUnusable>(async () => await StartAsync());
        Assert.Contains($"{KeyPath} (key ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await RingEntriesAsync());
    }

    [Fact]
    public async Task A_key_file_without_a_key_is_refused_by_name()
    {
        await File.WriteAllTextAsync(KeyPath, "not a key", Cancel);
        var refusal = await Assert.ThrowsAsync<KeyFileUnusable>(async () => await StartAsync());
        Assert.Contains(KeyPath, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sealed_data_without_a_ring_is_refused_instead_of_starting_a_new_ring()
    {
        await using (var first = await StartAsync())
        {
            Seal(first);
            await first.Store.WriteAsync(
                Lane.Work,
                tx => tx.For(Organisation).Execute(
                    """
                    INSERT INTO oauth_grant (organisation_id, app_id, access_token, scope, signed_in_as, subject, issuer_directory,
                                             obtained_at, refreshed_at, state, epoch)
                    VALUES (@organisation, @organisation, 'x', '', '', '', '', 0, 0, 'good', 0)
                    """) + tx.Across("test").Execute("DELETE FROM data_protection_key"),
                Cancel);
        }
        var refusal = await Assert.ThrowsAsync<KeyFileUnusable>(async () => await StartAsync());
        Assert.Contains("no key ring", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await RingEntriesAsync());
    }

    [Fact]
    public async Task The_ring_stands_in_the_store_wrapped()
    {
        await using var start = await StartAsync();
        Seal(start);
        var entry = await start.Store.ReadAsync(tx => tx.Across("test").One<string>("SELECT xml FROM data_protection_key"), Cancel);
        Assert.Contains("<wrapped key=", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", entry, StringComparison.Ordinal);
    }

    private static string Seal(Started start) => start.Sealer.Seal("app", "client_secret", Organisation, Row, "s3cret");

    private async Task<long> RingEntriesAsync()
    {
        await using var store = _folder.Open();
        return await store.ReadAsync(tx => tx.Across("test").One<long>("SELECT COUNT(*) FROM data_protection_key"), Cancel);
    }

    private async Task<Started> StartAsync()
    {
        var store = _folder.Open();
        var services = new ServiceCollection().AddLogging().AddSingleton(store).AddSingleton(Options.Create(_folder.Options)).AddSealing().BuildServiceProvider();
        var start = new Started(services, store);
        try
        {
            await services.GetRequiredService<KeyRing>().OpenAsync(Cancel);
            return start;
        }
        catch
        {
            await start.DisposeAsync();
            throw;
        }
    }

    private sealed record Started(ServiceProvider Services, IStore Store) : IAsyncDisposable
    {
        public Sealer Sealer => Services.GetRequiredService<Sealer>();

        public async ValueTask DisposeAsync()
        {
            await Services.DisposeAsync();
            await Store.DisposeAsync();
        }
    }
}
