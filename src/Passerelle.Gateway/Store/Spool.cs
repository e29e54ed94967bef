using Microsoft.Extensions.Options;

namespace Passerelle.Gateway.Store;

/// <summary>
/// Mail too big for a row, one file each: <c>spool/ORGANISATION/ID</c>. A file is on the disk, and so is its name, before
/// the row that speaks of it commits; what has no row after an hour is swept.
/// </summary>
internal sealed class Spool(IOptions<StoreOptions> options)
{
    private readonly string _folder = Path.GetFullPath(Path.Combine(options.Value.DataFolder, "spool"));
    private readonly StoreOptions _options = options.Value;
    private int _open;

    public string Folder => _folder;

    /// <summary>Process-wide budget of arriving mail in memory.</summary>
    public BytesInFlight InFlight { get; } = new(options.Value.BytesInFlight);

    /// <summary>Begins one arriving mail; disposing it forgets what was not placed.</summary>
    public Arrival Begin() => new(this);

    public string PathOf(Guid organisationId, Guid id) => Path.Combine(_folder, organisationId.ToString("N"), id.ToString("N"));

    /// <exception cref="StoreUnavailable">Too many mails are being spooled, or the disk is full.</exception>
    public FileStream OpenNew()
    {
        if (Interlocked.Increment(ref _open) > _options.SpoolFiles)
        {
            Interlocked.Decrement(ref _open);
            throw new StoreUnavailable("Too much mail arrives at once", diskFull: true, new IOException("The spool has no free place"));
        }
        try
        {
            Durable.CreateFolder(_folder);
            var incoming = Path.Combine(_folder, "incoming");
            Durable.CreateFolder(incoming);
            return Durable.Create(Path.Combine(incoming, Path.GetRandomFileName()));
        }
        catch (Exception failure)
        {
            Interlocked.Decrement(ref _open);
            throw Translate(failure);
        }
    }

    /// <summary>Closes what <see cref="OpenNew"/> opened; a file that still has its first name goes.</summary>
    public void Close(FileStream file)
    {
        file.Dispose();
        Interlocked.Decrement(ref _open);
        File.Delete(file.Name);
    }

    /// <summary>Gives flushed content its place for good.</summary>
    public void Place(string from, Guid organisationId, Guid id)
    {
        var path = PathOf(organisationId, id);
        Durable.CreateFolder(Path.GetDirectoryName(path)!); // PathOf has one
        Durable.Rename(from, path);
    }

    /// <summary>ENOSPC 28 and EDQUOT 122 mean a full disk; everything else on the way to the disk is a fault of the store.</summary>
    public static StoreUnavailable Translate(Exception failure) => new(
        "The mail cannot be spooled", diskFull: failure is IOException && (failure.HResult & 0xFFFF) is 28 or 122 or 0x70, failure);
}
