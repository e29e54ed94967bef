using System.Text.Json;

namespace Passerelle.Smtp.Tests;

/// <summary>The shared test data beside the repository; a test that needs it is skipped where it is absent.</summary>
internal static class Corpora
{
    public static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(Bytes(path));
        return document.RootElement.Clone();
    }

    public static byte[] Bytes(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Passerelle.slnx"))) root = root.Parent;
        var file = Path.Combine(root?.FullName ?? ".", "..", "shared", "corpora", path);
        Assert.SkipUnless(File.Exists(file), $"../shared/corpora/{path} is absent");
        return File.ReadAllBytes(file);
    }
}
