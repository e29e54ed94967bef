using System.Text.Json.Nodes;
using Passerelle.Flows.Liquid;

namespace Passerelle.Flows.Tests;

/// <summary>Texts of letters: filled as they should be, or refused with the name and the place.</summary>
public sealed class MailTemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_filled_in_is_text_in_the_text_and_never_markup_in_the_HTML()
    {
        var filled = Filled(new("Order {{ order.number }}", "Dear {{ name }}", "<p>Dear {{ name }}</p>"), """{ "name": "Ann & <b>Bob</b>", "order": { "number": 4711 } }""");
        Assert.Equal(("Order 4711", "Dear Ann & <b>Bob</b>", "<p>Dear Ann &amp; &lt;b&gt;Bob&lt;/b&gt;</p>"), (filled.Subject, filled.Text, filled.Html));
    }

    [Fact]
    public void A_subject_is_one_line_whatever_is_filled_in() =>
        Assert.Equal("Order 1  Bcc: eve@adatum.example", Filled(new("Order {{ n }}", "x", ""), """{ "n": "1\r\nBcc: eve@adatum.example" }""").Subject);

    [Theory]
    [InlineData("Dear {{ name }}", "name", 1, 9)]
    [InlineData("Hello\n  and {{ order.number }}", "order", 2, 10)]
    [InlineData("{{ first }} {{ first }}", "first", 1, 4)]
    [InlineData("{% for line in lines %}{{ line }}{% endfor %}{{ total | upcase }}", "total", 1, 49)]
    public void A_name_that_is_missing_is_named_with_its_place(string text, string name, int line, int column)
    {
        var missing = Assert.IsType<TemplateFilling.Missing>(Parsed(new("", text, "")).Fill([], Now));
        var one = Assert.Single(missing.Variables);
        Assert.Equal((line, column, "text"), (one.Line, one.Column, one.Part));
        Assert.StartsWith(name, one.Name, StringComparison.Ordinal);
        Assert.Contains($"line {line}, column {column}", one.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_is_missing_is_named_whole()
    {
        var missing = Assert.IsType<TemplateFilling.Missing>(Parsed(new("", "Dear {{ customer.name }}", "")).Fill(new JsonObject { ["customer"] = new JsonObject() }, Now));
        Assert.Equal((1, 9), (missing.Variables[0].Line, missing.Variables[0].Column));
    }

    [Theory]
    [InlineData("{% if nick %}{{ nick }}{% else %}you{% endif %}", "you")]
    [InlineData("{{ nick | default: 'you' }}", "you")]
    [InlineData("{% unless nick %}you{% endunless %}", "you")]
    public void A_name_that_the_template_asks_about_or_gives_a_default_may_be_missing(string text, string filled) => Assert.Equal(filled, Filled(new("", text, ""), "{}").Text);

    [Theory]
    [InlineData("Dear {{ name", "text")]
    [InlineData("{% include 'other' %}", "text")]
    [InlineData("{{ 'x' | no_such_filter_here }}", "text")]
    public void What_cannot_be_read_or_filled_says_which_part(string text, string part)
    {
        var template = MailTemplate.Parse(new("", text, ""), out var faults);
        var fault = template is null ? Assert.Single(faults) : Assert.IsType<TemplateFilling.Failed>(template.Fill([], Now)).Fault;
        Assert.Equal(part, fault.Part);
        Assert.NotEmpty(fault.Sentence);
    }

    [Theory]
    [InlineData("{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}x{% endfor %}{% endfor %}{% endfor %}")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for a in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}")]
    public void A_template_that_would_not_end_or_grow_without_end_is_stopped(string text) => Assert.IsType<TemplateFilling.Failed>(Parsed(new("", text, "")).Fill([], Now));

    [Fact]
    public void A_reply_by_a_template_sees_what_the_flow_sees()
    {
        var end = Replied("Dear {{ message.from.name }}, {{ topic }} is our matter.", """{ "kind": "set-variable", "name": "topic", "value": "shipping" }, { "kind": "reply", "template": "shipped" }""");
        Assert.Equal("Dear Ann Bell, shipping is our matter.", Assert.IsType<ReplyEffect>(Assert.Single(end.Effects)).Text);
    }

    [Theory]
    [InlineData("Dear {{ topic }}", "shipped", "topic is missing (text, line 1, column 9)")]
    [InlineData("Dear {{ topic", "shipped", "the template shipped: ")]
    [InlineData("Hello", "other", "there is no template other")]
    public void A_reply_that_its_template_cannot_write_fails_the_run_and_says_why(string text, string named, string failure)
    {
        var end = Replied(text, $$"""{ "kind": "reply", "template": "{{named}}" }""");
        Assert.Empty(end.Effects);
        Assert.Equal(RunStatus.Failed, end.State.Status);
        Assert.Contains(failure, end.State.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_says_its_text_or_names_a_template() => Assert.Contains(
        "leave out “text”, or “template”",
        Assert.Single(Flow.Errors("""{ "version": 1, "name": "Test", "steps": [{ "kind": "reply", "template": "shipped", "text": "Hello" }] }""")).Message,
        StringComparison.Ordinal);

    private static FlowTransition Replied(string text, string steps) => FlowEngine.Start(
        Flow.Of(steps), Flow.Input with { Templates = new Dictionary<string, TemplateSource> { ["shipped"] = new("", text, "") } });

    private static MailTemplate Parsed(TemplateSource source)
    {
        var template = MailTemplate.Parse(source, out var faults);
        Assert.Empty(faults);
        return template!; // there are no faults
    }

    private static TemplateFilling.Filled Filled(TemplateSource source, string variables) =>
        Assert.IsType<TemplateFilling.Filled>(Parsed(source).Fill(JsonNode.Parse(variables)!.AsObject(), Now)); // an object
}
