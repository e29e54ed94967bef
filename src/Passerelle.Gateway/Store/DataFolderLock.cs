using System.Globalization;

namespace Passerelle.Gateway.Store;

/// <summary>
/// One process per data folder, held by an advisory lock on <c>DATA/lock</c>. The kernel lets go of it when the process
/// ends, however it ends, so a stale file never blocks a start.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderTaken">Another process holds it; the message says which.</exception>
    public static DataFolderLock Take(string dataFolder, TimeProvider time)
    {
        PrivateFolder.Create(dataFolder);
        var path = PathIn(dataFolder);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException held) when (held is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new DataFolderTaken(Path.GetFullPath(dataFolder), HolderOf(dataFolder), held);
        }
        File.WriteAllText(HolderIn(dataFolder), string.Create(
            CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC"));
        return new DataFolderLock(file);
    }

    /// <summary>True while some process works on the folder: the command line then talks to it instead.</summary>
    public static bool IsHeld(string dataFolder)
    {
        if (!File.Exists(PathIn(dataFolder))) return false;
        try
        {
            using var free = new FileStream(PathIn(dataFolder), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>A successor that was started before we are gone waits; connections queue at the sockets that were handed to both.</summary>
    /// <returns>When nobody holds it, or <paramref name="atMost"/> has passed.</returns>
    public static async Task WhenFreeAsync(string dataFolder, TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (IsHeld(dataFolder) && time.GetElapsedTime(began) < atMost) await Task.Delay(LookAgain, time, cancel);
    }

    public void Dispose() => _file.Dispose();

    private static string PathIn(string dataFolder) => Path.Combine(dataFolder, "lock");

    /// <summary>Beside the lock, not in it: a locked file cannot be read.</summary>
    private static string HolderIn(string dataFolder) => Path.Combine(dataFolder, "lock.holder");

    /// <summary>Process and time, in words; of the last holder when nobody holds it now.</summary>
    public static string HolderOf(string dataFolder) =>
        File.Exists(HolderIn(dataFolder)) ? File.ReadAllText(HolderIn(dataFolder)) : "a process that is just starting";
}

/// <summary>Two processes on one data folder would each believe that they own all of it.</summary>
internal sealed class DataFolderTaken(string folder, string holder, Exception inner)
    : Exception($"The data folder {folder} is in use by {holder}. Stop it first, or choose another folder.", inner);
