using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Passerelle.Gateway.Store;

/// <summary>Files that are still there after the power fails: bytes first, then the name, then the folder that holds it.</summary>
internal static class Durable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Lasting = [];

    /// <summary>Opens a new file that only its owner may read; written without a cache of ours.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>The bytes of a file, on the disk.</summary>
    /// <remarks>Not <c>FileStream.Flush(true)</c>: .NET takes EROFS and EINVAL of fsync for success, and a file system that an error has
    /// turned read-only answers just that.</remarks>
    /// <exception cref="IOException">They are not.</exception>
    public static void Flush(FileStream file)
    {
        file.Flush(flushToDisk: OperatingSystem.IsWindows());
        if (!OperatingSystem.IsWindows()) Flush(file.SafeFileHandle, file.Name);
    }

    /// <summary>Gives a written file its name for good. Both names are in folders of one file system.</summary>
    /// <remarks>The file must have been flushed to disk before.</remarks>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: false);
        FlushFolder(Path.GetDirectoryName(to)!); // a full path to a file has a folder
    }

    /// <summary>Makes a folder, and its entry in the one above, last.</summary>
    /// <remarks>That a folder exists says nothing about the disk: another thread may have made it a moment ago, or a process
    /// that died before its flush. So each process flushes once, and whoever comes meanwhile waits for that.</remarks>
    public static void CreateFolder(string folder)
    {
        lock (Gate)
        {
            if (Lasting.Contains(folder) && Directory.Exists(folder)) return;
            Directory.CreateDirectory(folder);
            FlushFolder(Path.GetDirectoryName(folder)!); // likewise
            Lasting.Add(folder);
        }
    }

    /// <summary>.NET opens no folders, so open(2) does. Windows has no such call and needs none.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + "\0"), flags: 0);
        if (descriptor < 0) throw new IOException($"{folder} cannot be flushed", new Win32Exception(Marshal.GetLastPInvokeError()));
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Flush(handle, folder);
    }

    private static void Flush(SafeFileHandle handle, string path)
    {
        if (Fsync(handle) != 0) throw new IOException($"{path} cannot be flushed", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(SafeFileHandle file);
}
