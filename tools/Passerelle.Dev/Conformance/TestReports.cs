using System.Xml.Linq;

namespace Passerelle.Dev.Conformance;

/// <summary>What the tests of a run showed: one trait of each test, and how the test ended.</summary>
internal sealed class TestReports
{
    /// <summary>The trait of a test that shows a fact.</summary>
    public const string Facts = "Shows";

    private readonly Dictionary<string, string> _passed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    /// <param name="paths">Reports in the form of <c>-xml</c> of an xUnit test program.</param>
    /// <param name="trait">The trait that names what a test shows.</param>
    public static TestReports Read(IEnumerable<string> paths, string trait)
    {
        var reports = new TestReports();
        foreach (XElement test in paths.SelectMany(path => XDocument.Load(path).Descendants("test"))) reports.Add(test, trait);
        return reports;
    }

    /// <returns>The first test that shows the fact; null when none does, or when one that should fails.</returns>
    public string? TestOf(string fact) => _failed.ContainsKey(fact) ? null : _passed.GetValueOrDefault(fact);

    /// <returns>A test that should show the fact and failed or was skipped.</returns>
    public string? FailureOf(string fact) => _failed.GetValueOrDefault(fact);

    /// <summary>Everything that a test claims to show, known or not.</summary>
    public IEnumerable<string> Claimed => _passed.Keys.Union(_failed.Keys);

    private void Add(XElement test, string name)
    {
        var method = $"{test.Attribute("type")?.Value}.{test.Attribute("method")?.Value}";
        Dictionary<string, string> found = test.Attribute("result")?.Value == "Pass" ? _passed : _failed;
        foreach (XElement trait in test.Descendants("trait").Where(t => t.Attribute("name")?.Value == name))
            found.TryAdd(trait.Attribute("value")?.Value ?? "", method);
    }
}
