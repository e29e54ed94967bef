using System.Text.Json;

namespace Passerelle.Mail.Tests;

/// <summary>The public corpora beside the repository, read in place. A test that needs them is skipped without them.</summary>
internal static class Corpora
{
    public static string Folder(string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Passerelle.slnx"))) root = root.Parent;
        string? folder = root?.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "corpora", name) : null;
        if (folder is null || !Directory.Exists(folder)) Assert.Skip($"../shared/corpora/{name} is not here");
        return folder;
    }

    public static JsonElement Json(string folder, string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(folder), file))).RootElement;

    /// <summary>The file, and where its expectations are.</summary>
    public static IEnumerable<(string File, JsonElement Expect)> Cases(string folder, string list = "expect.json") =>
        Json(folder, list).EnumerateArray().Select(one => (one.GetProperty("file").GetString()!, one.GetProperty("expect")));

    public static ReadMail Read(string folder, string file) =>
        MailReader.Read(File.ReadAllBytes(Path.Combine(Folder(folder), file)), new ReadingContext());

    /// <summary>Every file that may be a mail, of all folders whose name starts so.</summary>
    public static IEnumerable<string> Mails(params string[] prefixes) =>
        Directory.EnumerateDirectories(Path.GetDirectoryName(Folder("autoreply"))!)
            .Where(folder => prefixes.Any(prefix => Path.GetFileName(folder).StartsWith(prefix, StringComparison.Ordinal)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith("LICENSE", StringComparison.Ordinal));
}
