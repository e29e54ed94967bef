using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Passerelle.Smtp.Tests.Rfc;

/// <summary><c>docs/rfc.md</c> is the table of every <see cref="MustAttribute"/> in the tests. <c>PASSERELLE_WRITE_DOCS=1</c> writes it anew.</summary>
public sealed partial class MustTableTests
{
    private const string Head = """
        # What the standards demand, and the test that shows it

        Every rule of these standards for a server that we implement, in the words of the standard as far as a line allows, with the test that plays it. The tests
        carry the rules (`[Must(…)]`), this page is made of them, and `MustTableTests` holds the two together. What they demand of clients
        is not here.

        ## Where we differ, and why

        | RFC | what it asks | what we do |
        |---|---|---|
        | 5321 §4.1.2 | no underscore in a domain, a path in angle brackets without a space before it | we take both: senders exist that never noticed, and a forwarded mail that we refuse is a lost mail |
        | 5321 §4.1.4 | 501 for an argument of MAIL that is not acceptable | 501, but 553 for a malformed mailbox and 550 for a sender: §3.3 and §4.2.2 of the same standard name these |
        | 5321 §3.8 | the server does not close before QUIT | it does, with 421 or 501, behind 20 errors, behind HTTP, and behind a BDAT whose size cannot be read (§7.8 permits it: what follows may be no commands) |
        | 5321 §3.5.2 | EXPN SHOULD be supported | 502: there are no lists to tell of |
        | 3030 §3 | binary that BODY did not declare MUST be accepted | unless it has a bare CR or LF: it would be a second message to the next server (5321 §2.3.8) |
        | 3207 §4 | a public server MUST NOT require STARTTLS | the operator may require it for a domain; nobody does by default |
        | 3207 §4 | a server that requires TLS SHOULD answer 530 to all but NOOP, EHLO, STARTTLS and QUIT | it is MAIL or RCPT that is answered so: the others tell nothing |
        | 3461 | DSN | understood, and not offered: [decision 12](decisions/0012-no-reports-of-success.md) |


        """;

    private static readonly Dictionary<int, string> Titles = new()
    {
        [1870] = "SIZE",
        [2033] = "LMTP",
        [2034] = "ENHANCEDSTATUSCODES",
        [2920] = "PIPELINING",
        [3030] = "CHUNKING and BINARYMIME",
        [3207] = "STARTTLS",
        [3461] = "DSN",
        [3463] = "enhanced status codes",
        [5321] = "SMTP",
        [6152] = "8BITMIME",
        [6531] = "SMTPUTF8",
    };

    [Fact]
    public void The_table_of_the_docs_is_what_the_tests_say()
    {
        var page = Page(Rules());
        var file = Path.Combine(Root, "docs", "rfc.md");
        if (Environment.GetEnvironmentVariable("PASSERELLE_WRITE_DOCS") == "1") File.WriteAllText(file, page);
        Assert.Equal(page, File.ReadAllText(file));
    }

    [Fact]
    public void Every_standard_that_we_name_has_rules_that_are_shown() =>
        Assert.Equal(Titles.Keys.Order(), Rules().Select(rule => rule.Rfc).Distinct().Order());

    private static string Page(IReadOnlyList<Rule> rules)
    {
        var page = new StringBuilder(Head);
        foreach (var standard in rules.GroupBy(rule => rule.Rfc).OrderBy(group => group.Key == 5321 ? 0 : group.Key))
        {
            page.Append(CultureInfo.InvariantCulture, $"## RFC {standard.Key}: {Titles[standard.Key]}\n\n| § | rule | test |\n|---|---|---|\n");
            foreach (var section in standard.GroupBy(rule => (rule.Section, rule.Text)).OrderBy(group => group.Key.Section, Sections))
            {
                var tests = string.Join("<br>", section.Select(rule => $"`{rule.Test}`").Distinct());
                page.Append(CultureInfo.InvariantCulture, $"| {section.Key.Section} | {section.Key.Text.Replace("|", "\\|", StringComparison.Ordinal)} | {tests} |\n");
            }
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Read from the sources, so that rules shown by the tests of another project are among them.</summary>
    private static List<Rule> Rules()
    {
        var rules = new List<Rule>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var pending = new List<Match>();
            foreach (var line in File.ReadLines(file))
            {
                if (Must().Match(line) is { Success: true } must) pending.Add(must);
                if (pending.Count == 0 || Method().Match(line) is not { Success: true } method) continue;
                var test = $"{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}";
                rules.AddRange(pending.Select(one => new Rule(
                    int.Parse(one.Groups["rfc"].Value, CultureInfo.InvariantCulture), one.Groups["section"].Value, Regex.Unescape(one.Groups["rule"].Value), test)));
                pending.Clear();
            }
        }
        return rules;
    }

    private static Comparer<string> Sections { get; } = Comparer<string>.Create((one, other) => string.CompareOrdinal(Padded(one), Padded(other)));

    private static string Padded(string section) => string.Join('.', section.Split('.').Select(part => part.PadLeft(3, '0')));

    private static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException("Tests run inside a clone");
    }

    [GeneratedRegex("""^\s*\[Must\((?<rfc>\d+), "(?<section>[^"]+)", "(?<rule>(?:[^"\\]|\\.)*)"\)\]$""")]
    private static partial Regex Must();

    [GeneratedRegex(@"^\s*public (?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex Method();

    private sealed record Rule(int Rfc, string Section, string Text, string Test);
}
