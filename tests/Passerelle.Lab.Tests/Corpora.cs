namespace Passerelle.Lab.Tests;

/// <summary>The public corpora beside the repository, read in place. A test that needs them is skipped without them.</summary>
internal static class Corpora
{
    public static string Read(string path)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Passerelle.slnx"))) root = root.Parent;
        var file = Path.Combine(root?.FullName ?? ".", "..", "shared", "corpora", path);
        Assert.SkipUnless(File.Exists(file), $"../shared/corpora/{path} is absent");
        return File.ReadAllText(file);
    }
}
