using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Store;
using static Passerelle.Tests.SpooledMail;

namespace Passerelle.Clients.Tests.Blobs;

/// <summary>Mail too big for a row, and exports, in Azure Blob Storage: what a folder does, a container does too.</summary>
public sealed class BlobTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-blobs-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private Azurite _azurite = null!; // these are made in InitializeAsync
    private IOptions<StoreOptions> _options = null!;
    private KeptBlobs _blobs = null!;
    private Spool _spool = null!;
    private IStore _store = null!;
    private SpooledMail _mails = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartAsync(Cancel);
        _options = Options.Create(new StoreOptions { DataFolder = Path.Combine(_folder, "data"), Blobs = _azurite.ConnectionString });
        _blobs = new KeptBlobs(_options);
        _spool = new Spool(_options, new DiskRoom(_options, DiskRoom.Measure, _time, NullLogger<DiskRoom>.Instance), _blobs);
        _store = Opening.Open(_options.Value);
        _mails = new SpooledMail(_store, _spool, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _azurite.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(RawMails.LargestRow, 0)]
    [InlineData(RawMails.LargestRow + 1, 1)]
    [InlineData(20_000_000, 1)]
    public async Task Mail_comes_back_as_it_came_and_leaves_no_file_here(int size, int blobs)
    {
        var mail = RandomNumberGenerator.GetBytes(size);
        await _mails.StoreAsync(mail, Ours);
        Assert.Equal(blobs, Names().Count);
        Assert.Equal(mail, await _mails.ReadAsync(Ours));
        Assert.Empty(_mails.Files());
    }

    [Fact]
    public async Task Each_organisation_has_a_blob_of_its_own_and_what_is_deleted_is_gone()
    {
        var mail = RandomNumberGenerator.GetBytes(200_000);
        await _mails.StoreAsync(mail, Ours, Theirs);
        Assert.Equal([$"spool/{Ours:N}/{Id:N}", $"spool/{Theirs:N}/{Id:N}"], Names().Order());
        Assert.Empty(_mails.Files());

        _spool.Delete(Ours, Id);
        await Assert.ThrowsAsync<FileNotFoundException>(() => _mails.ReadAsync(Ours));
        Assert.Equal(mail, await _mails.ReadAsync(Theirs));
    }

    [Fact]
    public async Task A_blob_that_no_row_speaks_of_is_swept_after_an_hour_and_the_others_stay()
    {
        var mail = RandomNumberGenerator.GetBytes(100_000);
        await _mails.StoreAsync(mail, Ours);
        await using (var lost = await _mails.ArriveAsync(mail)) await lost.PlaceAsync([(Theirs, Id)], Cancel); // its transaction never came
        using var sweep = new SpoolSweep(_store, _spool, _time, NullLogger<SpoolSweep>.Instance);
        Assert.Equal(0, await sweep.SweepAsync(Cancel));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await sweep.SweepAsync(Cancel));
        Assert.Equal([$"spool/{Ours:N}/{Id:N}"], Names());
    }

    /// <summary>The sender is asked to come back (<see cref="StoreUnavailable"/> is 451), the reader tries again; neither counts against the mail.</summary>
    [Fact]
    public async Task While_the_account_is_away_nothing_is_taken_and_nothing_is_thought_lost()
    {
        var mail = RandomNumberGenerator.GetBytes(100_000);
        await _mails.StoreAsync(mail, Ours);
        await _azurite.StopAsync();
        await Assert.ThrowsAsync<StoreUnavailable>(() => _mails.StoreAsync(mail, Theirs));
        await Assert.ThrowsAsync<StoreUnavailable>(() => _mails.ReadAsync(Ours));

        await _azurite.StartAgainAsync(Cancel);
        Assert.Equal(mail, await _mails.ReadAsync(Ours));
        await _mails.StoreAsync(mail, Theirs);
        Assert.Equal(mail, await _mails.ReadAsync(Theirs));
        Assert.Empty(_mails.Files());
    }

    [Fact]
    public async Task An_export_that_one_node_made_is_served_by_another_until_it_expires()
    {
        var made = RandomNumberGenerator.GetBytes(300_000);
        var here = new ExportFiles(_options, _blobs);
        await using (var part = here.Begin(Ours, Id, "part")) await part.WriteAsync(made, Cancel);
        here.Complete(Ours, Id);

        var elsewhere = Options.Create(new StoreOptions { DataFolder = Path.Combine(_folder, "another"), Blobs = _azurite.ConnectionString });
        var there = new ExportFiles(elsewhere, new KeptBlobs(elsewhere));
        await using (var file = there.Open(Ours, Id)!) // just made
        {
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, Cancel);
            Assert.Equal(made, bytes.ToArray());
        }
        Assert.Null(there.Open(Theirs, Id));
        there.Delete(Ours, Id);
        Assert.Null(here.Open(Ours, Id));
    }

    private List<string> Names()
    {
        var container = new BlobContainerClient(_azurite.ConnectionString, "passerelle", new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05));
        return container.Exists() ? [.. container.GetBlobs().Select(blob => blob.Name)] : [];
    }
}
