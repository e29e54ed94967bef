using System.Security.Cryptography;

namespace Passerelle.Gateway.Store;

/// <summary>
/// The bytes of one mail while they arrive: up to 64 KiB in memory within the process's budget, otherwise in a file.
/// Write all, <see cref="PlaceAsync"/>, then <see cref="Insert"/> within the transaction of the receipts.
/// </summary>
internal sealed class Arrival : IAsyncDisposable
{
    /// <summary>What stays in memory of a mail that has a file.</summary>
    private const int Kept = RawMails.LargestRow / 4;

    private readonly Spool _spool;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly bool _isCounted;
    private readonly List<string> _placed = [];
    private byte[] _memory;
    private int _bound;
    private FileStream? _file;
    private byte[]? _sha256;

    internal Arrival(Spool spool)
    {
        _spool = spool;
        _isCounted = spool.InFlight.TryTake(RawMails.LargestRow);
        _bound = _isCounted ? RawMails.LargestRow : Kept;
        _memory = _spool.Buffers.Rent(_bound);
    }

    public long Size { get; private set; }

    public bool IsSpooled => _file is not null;

    /// <summary>What came first: all of a mail in memory, at least 16 KiB of one in a file that has them.</summary>
    public ReadOnlySpan<byte> Start => _memory.AsSpan(0, (int)Math.Min(Size, _bound));

    /// <exception cref="StoreUnavailable">There is no room for it.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel)
    {
        _spool.Room.Take(piece.Length);
        _hash.AppendData(piece.Span);
        if (_file is not null || !_isCounted || Size + piece.Length > _bound) await AppendAsync(piece, cancel);
        if (Size < _bound) piece[..Math.Min(piece.Length, _bound - (int)Size)].CopyTo(_memory.AsMemory((int)Size));
        Size += piece.Length;
    }

    /// <summary>Makes spooled bytes durable, one file for each owner. Nothing to do for mail in memory.</summary>
    /// <exception cref="StoreUnavailable">They could not be written; nothing was placed that a row could speak of.</exception>
    public Task PlaceAsync(IReadOnlyList<(Guid OrganisationId, Guid Id)> owners, CancellationToken cancel)
    {
        _sha256 = _hash.GetHashAndReset();
        return _file is { } file ? Task.Run(() => Place(file, owners), cancel) : Task.CompletedTask;
    }

    /// <summary>The row, within the caller's transaction; after <see cref="PlaceAsync"/> with the same owner.</summary>
    public void Insert(Tx tx, Guid organisationId, Guid id, DateTimeOffset now) => RawMails.Insert(
        tx,
        organisationId,
        new RawMails.New(id, Size, _sha256 ?? throw new InvalidOperationException("Place it first"), Content, now));

    /// <returns>Null: the file has it.</returns>
    private ReadOnlyMemory<byte>? Content
    {
        get
        {
            if (IsSpooled) return null; // not a conditional operator: null there would be an empty memory, and the mail an empty row
            return _memory.AsMemory(0, (int)Size);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_isCounted) _spool.InFlight.Return(_bound);
        _spool.Buffers.Return(_memory);
        if (_file is { } file) await Task.Run(() => _spool.Close(file, _placed)); // who takes mail waits for no disk
        _file = null;
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel)
    {
        try
        {
            if (_file is null)
            {
                _file = await Task.Run(_spool.OpenNew, cancel);
                await _file.WriteAsync(_memory.AsMemory(0, (int)Size), cancel);
                if (_isCounted) KeepOnlyTheStart();
            }
            await _file.WriteAsync(piece, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Spool.Translate(failure);
        }
    }

    /// <summary>The file has it all: what memory it took is another mail's.</summary>
    private void KeepOnlyTheStart()
    {
        var start = _spool.Buffers.Rent(Kept);
        _memory.AsSpan(0, Math.Min((int)Size, Kept)).CopyTo(start);
        _spool.Buffers.Return(_memory);
        _spool.InFlight.Return(_bound - Kept);
        (_memory, _bound) = (start, Kept);
    }

    /// <summary>Content is never shared across organisations: each further owner gets a copy.</summary>
    private void Place(FileStream file, IReadOnlyList<(Guid OrganisationId, Guid Id)> owners)
    {
        try
        {
            Durable.Flush(file);
            foreach (var (organisationId, id) in owners.Skip(1)) PlaceCopy(file, organisationId, id);
            _spool.Place(file.Name, owners[0].OrganisationId, owners[0].Id, _placed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Spool.Translate(failure);
        }
    }

    private void PlaceCopy(FileStream file, Guid organisationId, Guid id)
    {
        var copyName = $"{file.Name}.{id:N}";
        using (var copy = Durable.Create(copyName))
        {
            file.Position = 0;
            file.CopyTo(copy);
            Durable.Flush(copy);
        }
        _spool.Place(copyName, organisationId, id, _placed);
        File.Delete(copyName); // where it was copied elsewhere, not moved
    }
}
