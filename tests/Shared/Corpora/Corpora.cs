using System.Text.Json;

namespace Passerelle.Tests;

/// <summary>The public corpora beside the repository, read in place. A test that needs them is skipped without them.</summary>
internal static class Corpora
{
    /// <param name="name">A folder of the corpora; empty for all of them.</param>
    public static string Folder(string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Passerelle.slnx"))) root = root.Parent;
        var folder = root?.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "corpora", name) : null;
        if (folder is null || !Directory.Exists(folder)) Assert.Skip($"../shared/corpora/{name} is not here");
        return folder;
    }

    public static byte[] Bytes(string folder, string file) => File.ReadAllBytes(Path.Combine(Folder(folder), file));

    public static JsonElement Json(string folder, string file)
    {
        using var stream = File.OpenRead(Path.Combine(Folder(folder), file));
        using var document = JsonDocument.Parse(stream); // of a stream, because that takes a byte order mark
        return document.RootElement.Clone();
    }

    /// <summary>The file, and what is expected of it.</summary>
    public static IEnumerable<(string File, JsonElement Expect)> Cases(string folder, string list = "expect.json") =>
        Json(folder, list).EnumerateArray().Select(one => (one.GetProperty("file").GetString()!, one.GetProperty("expect"))); // the corpora's form

    /// <summary>Every file that may be a mail, of all folders whose name starts so.</summary>
    public static IEnumerable<string> Mails(params string[] prefixes) =>
        Directory.EnumerateDirectories(Folder(""))
            .Where(folder => prefixes.Any(prefix => Path.GetFileName(folder).StartsWith(prefix, StringComparison.Ordinal)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith("LICENSE", StringComparison.Ordinal));
}
