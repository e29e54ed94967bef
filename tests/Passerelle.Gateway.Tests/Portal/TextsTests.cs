using System.Text.RegularExpressions;
using System.Xml.Linq;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;

namespace Passerelle.Gateway.Tests.Portal;

/// <summary>Both languages have every word that a page uses.</summary>
public sealed partial class TextsTests
{
    private static readonly string Gateway = Path.Combine(Root(), "src", "Passerelle.Gateway");
    private static readonly Dictionary<string, string> English = Read("Texts.resx");
    private static readonly Dictionary<string, string> French = Read("Texts.fr.resx");

    [Fact]
    public void Every_word_stands_in_both_languages_with_the_same_arguments()
    {
        Assert.Equal(English.Keys.Order(), French.Keys.Order());
        Assert.All(English, word => Assert.Equal(Arguments(word.Value), Arguments(French[word.Key])));
        Assert.All(French.Values.Concat(English.Values), text => Assert.NotEqual("", text.Trim()));
    }

    [Fact]
    public void Every_key_that_a_page_names_has_words()
    {
        var named = Directory.EnumerateFiles(Path.Combine(Gateway, "Portal"), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => Key().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        Assert.Empty(named.Except(English.Keys));
    }

    [Fact]
    public void Every_problem_of_a_form_has_words()
    {
        var codes = new[] { Path.Combine("Apps", "AppFormRules.cs"), Path.Combine("Access", "FirstRun.cs"), Path.Combine("Events", "Alarms", "AlarmRules.cs"), Path.Combine("Apps", "AppFormRules.Ways.cs"), Path.Combine("Apps", "AppNamingRules.cs"),
            Path.Combine("Apps", "Certificates", "CertificateFile.cs"), Path.Combine("Apps", "Certificates", "ClientCertificates.cs") }
            .SelectMany(file => Code().Matches(File.ReadAllText(Path.Combine(Gateway, file))).Select(match => $"problem.{match.Groups[1].Value}"))
            .Where(key => key != "problem.first-run");
        Assert.Empty(codes.Except(English.Keys));
    }

    [Theory]
    [InlineData("Tokens/Discovery.cs", "discovery")]
    [InlineData("Doctor/ForwardingConfirmations.cs", "confirm")]
    public void Every_failure_that_a_page_shows_has_words(string file, string prefix)
    {
        var codes = Failure().Matches(File.ReadAllText(Path.Combine(Gateway, file))).Select(match => $"{prefix}.{match.Groups[1].Value}").ToList();
        Assert.True(codes.Count > 3, "There are more failures than that: the reading is broken");
        Assert.Empty(codes.Except(English.Keys));
    }

    [Fact]
    public void Every_provider_and_every_kind_of_the_audit_has_a_name()
    {
        Assert.All(Presets.All, preset => Assert.Contains($"form.preset-{preset.Id}", English));
        Assert.All(AuditKinds.All, kind => Assert.Contains($"audit.kind-{kind}", English));
    }

    [Fact]
    public void Every_state_of_an_app_has_a_name_and_an_explanation() =>
        Assert.All(Enum.GetNames<AppState>(), state =>
        {
            Assert.Contains($"state.{state.ToLowerInvariant()}", English);
            Assert.Contains($"state.{state.ToLowerInvariant()}-help", English);
        });

    [Fact]
    public void Every_state_of_a_node_has_a_name_and_what_it_means() =>
        Assert.All(Enum.GetNames<NodeState>(), state =>
        {
            Assert.Contains($"nodes.state.{state.ToLowerInvariant()}", English);
            if (state != nameof(NodeState.Lives)) Assert.Contains($"nodes.meaning.{state.ToLowerInvariant()}", English);
        });

    private static IEnumerable<string> Arguments(string text) => Argument().Matches(text).Select(match => match.Value).Distinct().Order();

    private static Dictionary<string, string> Read(string file) => XDocument.Load(Path.Combine(Gateway, "Portal", file))
        .Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value); // resx

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // the tests live inside it
        return folder.FullName;
    }

    /// <summary>Literal keys only: T["…"], words["…"], this["…"], T.Many("…"), T[condition ? "…" : "…"].</summary>
    [GeneratedRegex("""\b(?:T|words|this)(?:\[|\.Many\()(?:[^\]"$]*\? )?"([^"{]+)"[,\] ]""")]
    private static partial Regex Key();

    [GeneratedRegex("\"([a-z0-9]+(?:-[a-z0-9]+)+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("(?:Failed|new)\\(\"([a-z]+(?:-[a-z]+)*)\"")]
    private static partial Regex Failure();

    [GeneratedRegex(@"(?<!\{)\{\d(?::\w+)?\}")]
    private static partial Regex Argument();
}
