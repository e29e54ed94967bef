using System.Text.Json;

namespace Passerelle.Gateway.Tests.Doctor;

public sealed class CatalogueTests
{
    /// <summary>Who answers must not know the questions.</summary>
    [Fact]
    public void No_id_of_the_catalogue_of_faults_stands_in_the_code_that_answers()
    {
        var root = Root();
        var catalogue = Path.Combine(root, "..", "shared", "facts", "faults.json");
        Assert.SkipUnless(File.Exists(catalogue), "../shared is absent");
        var own = Path.Combine(root, "tools", "Passerelle.Dev", "Faults", "more.json");
        var ids = new[] { catalogue, own }.SelectMany(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray())
            .Select(row => $"\"{row.GetProperty("id").GetString()}\"").ToList();
        var told =
            from room in new[] { "Doctor", "Tokens", "Sending", "Setup" }
            let folder = Path.Combine(root, "src", "Passerelle.Gateway", room)
            where Directory.Exists(folder)
            from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            let text = File.ReadAllText(file)
            from id in ids
            where text.Contains(id, StringComparison.Ordinal)
            select $"{Path.GetFileName(file)}: {id}";
        Assert.Empty(told);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // tests run inside a clone
        return folder.FullName;
    }
}
