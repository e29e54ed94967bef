using System.Text.Json;

namespace Passerelle.Smtp.Tests;

/// <summary>The shared test data beside the repository; a test that needs it is skipped where it is absent.</summary>
internal static class Corpora
{
    public static JsonElement Read(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Passerelle.slnx"))) root = root.Parent;
        var file = Path.Combine(root?.FullName ?? ".", "..", "shared", "corpora", path);
        Assert.SkipUnless(File.Exists(file), $"../shared/corpora/{path} is absent");
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}
