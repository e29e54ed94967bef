namespace Passerelle.Lab.State;

/// <summary>Where a host keeps its labs, keys and certificates. One process per folder; everything is for the owner only.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _lock;

    /// <exception cref="IOException">Another process holds the folder.</exception>
    public DataFolder(string path)
    {
        Root = Path.GetFullPath(path);
        MakeFolder(Root);
        _lock = Lock();
        MakeFolder(Labs);
        MakeFolder(Keys);
    }

    public string Root { get; }

    /// <summary>One JSON file per lab.</summary>
    public string Labs => File("labs");

    /// <summary>Signing keys, the certificate authority and the key ring.</summary>
    public string Keys => File("keys");

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>Makes a folder below the root that only the owner can enter.</summary>
    public string Folder(string name)
    {
        MakeFolder(File(name));
        return File(name);
    }

    /// <summary>Replaces a file whole: temporary file (0600), fsync, rename.</summary>
    public async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var temporary = path + ".new";
        await using (var stream = new FileStream(temporary, OwnerFile()))
        {
            await stream.WriteAsync(content, cancel);
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(temporary, path, overwrite: true);
    }

    /// <inheritdoc cref="ReplaceAsync"/>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var stream = new FileStream(temporary, OwnerFile()))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(temporary, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    private FileStream Lock()
    {
        try
        {
            return new FileStream(File("lab.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"Another lab uses the folder {Root}: stop it, or give this one a folder of its own with --data.", taken);
        }
    }

    private static FileStreamOptions OwnerFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }
}
