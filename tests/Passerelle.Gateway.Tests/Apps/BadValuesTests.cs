using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Portal;
using Passerelle.Gateway.Portal.Parts;

namespace Passerelle.Gateway.Tests.Apps;

/// <summary>What people type that cannot work, and what the form tells them: as a table in the docs, and as a screen reader hears it.</summary>
public sealed class BadValuesTests
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr");

    /// <summary>PASSERELLE_WRITE_DOCS writes it anew.</summary>
    [Fact]
    public async Task The_table_in_the_docs_is_what_the_form_says()
    {
        var file = Path.Combine(Root(), "docs", "bad-values.md");
        var rows = AppFormRulesTests.BadValues.Select(bad => (bad, Told: new[] { English, French }.Select(language => ProblemWords.In(bad.Problem, language)).ToList())).ToList();
        Assert.True(rows.Count >= 80, $"{rows.Count} values");
        Assert.All(rows, row => Assert.NotEqual(row.Told[0], row.Told[1]));
        var page = new StringBuilder()
            .AppendLine("# Values that cannot work, and what the form says")
            .AppendLine()
            .AppendLine("Written by the tests from the rules of the form. A screen reader announces each, and its field leads to it.")
            .AppendLine()
            .AppendLine("| field | value | said | dit |")
            .AppendLine("|---|---|---|---|");
        foreach (var (bad, told) in rows) page.AppendLine(CultureInfo.InvariantCulture, $"| {AppDocument.Key(bad.Problem.Field)} | {Shown(bad.Text)} | {Cell(told[0])} | {Cell(told[1])} |");
        var written = page.Replace("\r\n", "\n").ToString();
        if (Environment.GetEnvironmentVariable("PASSERELLE_WRITE_DOCS") is { Length: > 0 }) await File.WriteAllTextAsync(file, written, TempStore.Cancel);
        Assert.Equal(written, await File.ReadAllTextAsync(file, TempStore.Cancel));
    }

    [Fact]
    public async Task A_screen_reader_announces_each_and_the_field_leads_to_it()
    {
        CultureInfo.CurrentUICulture = English;
        await using var services = new ServiceCollection().AddSingleton<Texts>().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        foreach (var (text, problem) in AppFormRulesTests.BadValues)
        {
            var (id, words) = (FieldNames.Kebab(problem.Field), ProblemWords.In(problem, English));
            var html = problem.Field is nameof(AppForm.Signature) or nameof(AppForm.Aliases)
                ? await HtmlAsync<TextArea>(renderer, id, text, words, problem.IsWarning)
                : await HtmlAsync<TextField>(renderer, id, text, words, problem.IsWarning);
            Assert.Contains($"aria-describedby=\"{id}-help\"", html, StringComparison.Ordinal);
            Assert.Equal(!problem.IsWarning, html.Contains("aria-invalid=\"true\"", StringComparison.Ordinal));
            var help = html[html.IndexOf($"<div id=\"{id}-help\"", StringComparison.Ordinal)..];
            Assert.Contains($"role=\"alert\">{words}</p>", WebUtility.HtmlDecode(help), StringComparison.Ordinal);
        }
    }

    private static Task<string> HtmlAsync<TField>(HtmlRenderer renderer, string id, string text, string words, bool isWarning) where TField : IComponent =>
        renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TField>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            ["Id"] = id,
            ["Label"] = id,
            ["Value"] = text,
            ["Problem"] = words,
            ["IsWarning"] = isWarning,
        }))).ToHtmlString());

    private static string Shown(string text) => text switch
    {
        "" => "(empty)",
        { Length: > 100 } => $"{text.Length} times `{text[0]}`",
        _ when string.IsNullOrWhiteSpace(text) => "(blanks)",
        _ => $"`{Cell(string.Concat(text.Select(sign => char.IsControl(sign) ? $"\\x{(int)sign:X2}" : sign.ToString())))}`",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Passerelle.slnx"))) folder = folder.Parent!; // tests run inside a clone
        return folder.FullName;
    }
}
