using System.Text.RegularExpressions;

namespace Passerelle.Gateway.Tests.Portal;

/// <summary>What a page orders, it enters into the audit: read from the pages themselves, for their orders pass no router.</summary>
public sealed partial class AuditedPagesTests
{
    /// <summary>Orders without an entry, and why.</summary>
    private static readonly Dictionary<string, string> Silent = new()
    {
        ["AppSettingsPage.KeepAsync"] = "a draft is kept as it is typed; its first saving says all of it",
        ["AppSettingsPage.DiscoverAsync"] = "it reads another server and stores nothing",
        ["AppMicrosoftPage.LookAsync"] = "it looks, and keeps what it saw",
        ["AppDoctorPage.ExamineAsync"] = "it looks, and keeps what it saw",
        ["GraphCard.CheckAsync"] = "it asks the provider and stores nothing",
    };

    [Fact]
    public void Every_order_of_a_page_is_entered_or_explained()
    {
        var orders = Orders().ToList();
        Assert.True(orders.Count > 15, "The pages give more orders than that: the reading is broken");
        var silent = orders.Where(order => !Entered().IsMatch(order.Body)).Select(order => order.Name).Order();
        Assert.Equal(Silent.Keys.Order(), silent);
    }

    private static IEnumerable<(string Name, string Body)> Orders() =>
        from file in Directory.EnumerateFiles(Path.Combine(Root(), "src", "Passerelle.Gateway", "Portal"), "*.razor", SearchOption.AllDirectories)
        from Match method in Method().Matches(File.ReadAllText(file))
        where method.Groups["body"].Value.Contains("CommandAsync(", StringComparison.Ordinal)
        select ($"{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}", method.Groups["body"].Value);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // the tests live inside it
        return folder.FullName;
    }

    /// <summary>A method of a page's code, by its indentation.</summary>
    [GeneratedRegex(@"^    private (?:async )?Task(?:<\w+>)? (?<name>\w+)\([^\n]*\)\n    \{\n(?<body>.*?)^    \}", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex(@"\b(Audit|Entries)\.WriteAsync\(|\bRecord(Async)?\(|\bDocuments\.ApplyAsync\(")]
    private static partial Regex Entered();
}
