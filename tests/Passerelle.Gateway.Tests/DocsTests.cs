using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Passerelle.Gateway.Commands;
using Passerelle.Gateway.Hosting;
using Passerelle.Mail;

namespace Passerelle.Gateway.Tests;

/// <summary>The pages say what is: names that they name exist.</summary>
public sealed partial class DocsTests
{
    public static TheoryData<string> Pages => ["README.md", "ARCHITECTURE.md", "docs/guide.en.md", "docs/guide.fr.md", "docs/lab.md", "docs/lab-guide.md", "docs/lab-guide.fr.md", "docs/operators.md", "docs/developers.md"];

    [Theory, MemberData(nameof(Pages))]
    public void Every_command_of_ours_in_a_shell_block_exists_with_its_options(string page)
    {
        var wrong = new List<string>();
        foreach (var line in ShellBlock().Matches(Read(page)).SelectMany(block => block.Groups["lines"].Value.Split('\n')))
        {
            if (line.StartsWith("passerelle ", StringComparison.Ordinal))
            {
                var parsed = PasserelleCommand.Root().Parse(line["passerelle ".Length..]);
                wrong.AddRange(parsed.Errors.Select(error => $"{line}: {error.Message}"));
                if (Settings.Problem(parsed.UnmatchedTokens) is { } problem) wrong.Add($"{line}: {problem}");
            }
            if (line.StartsWith("passerelle-lab ", StringComparison.Ordinal)) wrong.AddRange(MissingIn(line, Read("src/Passerelle.Lab/Hosting/ServeCommand.cs")));
            if (line.StartsWith("./dev ", StringComparison.Ordinal) && !Read("dev").Contains($"  {line.Split(' ')[1]})", StringComparison.Ordinal)) wrong.Add(line);
        }
        Assert.Empty(wrong);
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_to_a_file_leads_to_one(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!; // a page lies in a folder
        var lost = Link().Matches(Read(page)).Select(link => link.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.GetFullPath(Path.Combine(folder, to))))
            .ToList();
        Assert.Empty(lost);
    }

    [Fact]
    public void Every_type_that_the_architecture_names_exists()
    {
        var types = new[] { typeof(PasserelleCommand), typeof(MailReader), typeof(Passerelle.Flows.FlowEngine), typeof(Passerelle.Smtp.SmtpReply), typeof(ArchitectureTests) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Select(type => type.Name.Split('`')[0])
            .ToHashSet();
        var named = TypeName().Matches(Read("ARCHITECTURE.md")).Select(name => name.Groups["name"].Value);
        Assert.Equal([], named.Except(types));
    }

    [Fact]
    public void Every_setting_is_on_the_operators_page_with_its_default()
    {
        var page = Read("docs/operators.md");
        var missing =
            from section in Settings.Sections
            let options = Activator.CreateInstance(section.Value)
            from property in section.Value.GetProperties()
            where property.SetMethod is not null
            let line = $"| `{section.Key}:{property.Name}` | {Default(property.GetValue(options))} |"
            where !page.Contains(line, StringComparison.Ordinal)
            select line;
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_setting_on_the_operators_page_exists() => Assert.All(
        SettingLine().Matches(Read("docs/operators.md")), line => Assert.Null(Settings.Problem([$"--{line.Groups["setting"].Value}=1"])));

    [Fact]
    public void The_architecture_names_every_room()
    {
        var page = Read("ARCHITECTURE.md");
        Assert.All(ArchitectureTests.Rooms, room => Assert.Contains($"| {room.Data} |", page, StringComparison.Ordinal));
    }

    private static string Default(object? value) => value switch
    {
        null or "" or IReadOnlyList<string> { Count: 0 } => "(none)",
        _ => $"`{TypeDescriptor.GetConverter(value).ConvertToString(null, CultureInfo.InvariantCulture, value)}`",
    };

    private static IEnumerable<string> MissingIn(string line, string source) =>
        line.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal) && !source.Contains($"\"{word}\"", StringComparison.Ordinal));

    private static string Root { get; } = FindRoot();

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException("Tests run inside a clone");
    }

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"\]\((?<to>[^)#]+)\)")]
    private static partial Regex Link();

    /// <summary>One capital at least, no space: a type in code quotes.</summary>
    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z]+)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^\| `(?<setting>[A-Za-z]+:[A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingLine();
}
