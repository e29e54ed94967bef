namespace Passerelle.Gateway.Store;

/// <summary>Kept files in a folder of this machine, or of one that all nodes mount.</summary>
internal sealed class KeptFolder(string root) : IKeptFiles
{
    private readonly string _root = Path.GetFullPath(root);

    public string PathOf(string name) => Path.Combine(_root, name);

    public void Keep(string file, string name)
    {
        var path = PathOf(name);
        Durable.CreateFolder(Path.GetDirectoryName(path)!); // a path below the root has one
        Durable.Rename(file, path);
    }

    public FileStream Open(string name) => new(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public void Delete(string name)
    {
        if (File.Exists(PathOf(name))) File.Delete(PathOf(name));
    }

    public IEnumerable<string> Before(string first, DateTimeOffset time)
    {
        var folder = new DirectoryInfo(PathOf(first));
        return !folder.Exists
            ? []
            : folder.EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.LastWriteTimeUtc < time.UtcDateTime)
                .Select(file => Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'));
    }
}
