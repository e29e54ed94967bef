using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store;

/// <summary>
/// Mail too big for a row, one file each: <c>spool/ORGANISATION/ID</c>. A file is kept durably before the row that speaks of it commits;
/// what has no row after an hour is swept.
/// </summary>
/// <param name="elsewhere">Where files are kept for good; null: in the folder where they arrive.</param>
internal sealed class Spool(IOptions<StoreOptions> options, DiskRoom room, IKeptFiles? elsewhere = null)
{
    private const string First = "spool";
    private readonly string _folder = Path.GetFullPath(Path.Combine(options.Value.Files, First));
    private readonly KeptFolder _here = new(options.Value.Files);
    private readonly StoreOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, bool> _inHand = new();
    private int _open;

    public string Folder => _folder;

    /// <summary>Process-wide budget of arriving mail in memory.</summary>
    public BytesInFlight InFlight { get; } = new(options.Value.BytesInFlight);

    /// <summary>Buffers of arriving mail. The runtime's shared pool keeps some tens of a size and drops the rest, which by then are old enough for the collector
    /// to find them late; this one keeps what five hundred mails at once need.</summary>
    public ArrayPool<byte> Buffers { get; } = ArrayPool<byte>.Create(RawMails.LargestRow, 512);

    /// <summary>What the disk still takes; every arriving byte is counted.</summary>
    public DiskRoom Room => room;

    /// <summary>Begins one arriving mail; disposing it forgets what was not placed.</summary>
    public Arrival Begin() => new(this);

    public string PathOf(Guid organisationId, Guid id) => _here.PathOf(NameOf(organisationId, id));

    /// <inheritdoc cref="IKeptFiles.Open"/>
    public Stream Open(Guid organisationId, Guid id) => Kept.Open(NameOf(organisationId, id));

    /// <summary>Deletes a file whose row is gone; what cannot be deleted now the sweep takes later.</summary>
    public void Delete(Guid organisationId, Guid id)
    {
        try
        {
            Kept.Delete(NameOf(organisationId, id));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // no row speaks of it: the sweep meets it
        }
    }

    /// <summary>What was written before, of mail that has arrived and of mail that never did; not what an arriving mail still holds: whether its row comes
    /// is not decided, whatever the clock says of its age.</summary>
    public IEnumerable<string> Before(DateTimeOffset time) =>
        (elsewhere is null ? _here.Before(First, time) : _here.Before(First, time).Concat(elsewhere.Before(First, time))).Where(name => !_inHand.ContainsKey(_here.PathOf(name)));

    /// <param name="name">One of <see cref="Before"/>.</param>
    public void Delete(string name)
    {
        _here.Delete(name);
        elsewhere?.Delete(name);
    }

    /// <exception cref="StoreUnavailable">Too many mails are being spooled, or the disk is full.</exception>
    public FileStream OpenNew()
    {
        if (Interlocked.Increment(ref _open) > _options.SpoolFiles)
        {
            Interlocked.Decrement(ref _open);
            throw new StoreUnavailable("Too much mail arrives at once", diskFull: true, new IOException("The spool has no free place"));
        }
        var path = Path.Combine(_folder, "incoming", Path.GetRandomFileName());
        _inHand[path] = true;
        try
        {
            Durable.CreateFolder(_folder);
            Durable.CreateFolder(Path.Combine(_folder, "incoming"));
            return Durable.Create(path);
        }
        catch (Exception failure)
        {
            _inHand.TryRemove(path, out _);
            Interlocked.Decrement(ref _open);
            throw Translate(failure);
        }
    }

    /// <summary>Closes what <see cref="OpenNew"/> opened; a file that still has its first name goes.</summary>
    /// <param name="placed">Where its content was placed: the rows have been written, or never will be.</param>
    public void Close(FileStream file, IReadOnlyList<string> placed)
    {
        file.Dispose();
        Interlocked.Decrement(ref _open);
        try
        {
            File.Delete(file.Name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // a disk that cannot be written to: the sweep takes it when it can
        }
        _inHand.TryRemove(file.Name, out _);
        foreach (var path in placed) _inHand.TryRemove(path, out _);
    }

    /// <summary>Gives flushed content its place for good.</summary>
    /// <param name="placed">Gets its path; to be given to <see cref="Close"/> once the row is settled.</param>
    public void Place(string from, Guid organisationId, Guid id, List<string> placed)
    {
        var path = PathOf(organisationId, id);
        _inHand[path] = true;
        placed.Add(path);
        Kept.Keep(from, NameOf(organisationId, id));
    }

    private IKeptFiles Kept => elsewhere ?? _here;

    private static string NameOf(Guid organisationId, Guid id) => $"{First}/{organisationId:N}/{id:N}";

    /// <summary>ENOSPC 28 and EDQUOT 122 mean a full disk; everything else on the way to the disk is a fault of the store.</summary>
    public static StoreUnavailable Translate(Exception failure) => new(
        "The mail cannot be spooled", diskFull: failure is IOException && (failure.HResult & 0xFFFF) is 28 or 122 or 0x70, failure);
}
