namespace Passerelle.Gateway.Apps;

/// <summary>
/// Where files of federated assertions may be: an admin of the portal names the file, the operator of the machine the
/// folders, so that nobody can have another file of the machine read and sent away.
/// </summary>
internal static class AssertionFolders
{
    /// <returns>True when the path, with its dots resolved, lies below one of the folders.</returns>
    public static bool Hold(IReadOnlyList<string> folders, string file)
    {
        var full = Path.GetFullPath(file);
        return folders.Any(folder => full.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }
}
