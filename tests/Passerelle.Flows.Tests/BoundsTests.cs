namespace Passerelle.Flows.Tests;

public class BoundsTests
{
    [Fact]
    public void More_steps_than_allowed_fail_the_run_with_a_sentence()
    {
        string steps = string.Join(',', Enumerable.Repeat("""{ "kind": "set-variable", "name": "x", "value": "1" }""", 101));
        FlowTransition end = Flow.Start(steps);
        Assert.Equal((RunStatus.Failed, 100), (end.State.Status, end.State.Steps));
        Assert.Contains("100 steps", end.State.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}{{ i }}{% endfor %}{% endfor %}")]
    [InlineData("{% assign s = 'aaaaaaaaaa' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}")]
    [InlineData("{% capture s %}aaaaaaaaaa{% endcapture %}{% for i in (1..40) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}")]
    [InlineData("{% assign s = 'a' %}{% for i in (1..16) %}{% assign s = s | append: s %}{% endfor %}{{ s | replace: 'a', s | replace: 'a', s }}")]
    [InlineData("{% assign s = 'a' %}{% for i in (1..16) %}{% assign s = s | append: s %}{% endfor %}{{ s | split: '' | join: s }}")]
    [InlineData("{% assign a = 'a,b' | split: ',' %}{% for i in (1..40) %}{% assign a = a | concat: a %}{% endfor %}{{ a | size }}")]
    [InlineData("{{ 'x' | format_string: 1 }}")]
    [InlineData("{{ 'now' | date: '%999999999d' }}")]
    public void Liquid_that_would_eat_the_machine_fails_the_run(string text)
    {
        string said = Flow.Reply(text);
        Assert.StartsWith("Step step-1: ", said, StringComparison.Ordinal);
    }

    public static TheoryData<string> Bottomless => new(
        string.Concat(Enumerable.Repeat("{% if a %}", 5_000)),
        "{{ " + string.Concat(Enumerable.Repeat("a[", 30_000)),
        "{{ a " + string.Concat(Enumerable.Repeat("| upcase ", 10_000)) + "}}",
        "{% if a " + string.Concat(Enumerable.Repeat("or a ", 15_000)) + "%}{% endif %}",
        "{% include 'x' %}",
        "{% render 'x' %}",
        "{% for i in (1..100000000) %}{% endfor %}",
        "{% assign n = 100000000 %}{% for i in (1..n) %}{% endfor %}");

    [Theory, MemberData(nameof(Bottomless))]
    public void Liquid_that_would_end_the_process_is_refused_when_it_is_read(string text) =>
        Assert.IsType<FlowParse.Invalid>(FlowDefinition.Acknowledgement(text));

    [Fact]
    public void Variables_have_a_bound_together()
    {
        FlowTransition end = Flow.Start(
            """{ "kind": "set-variable", "name": "a", "value": "{{ message.text }}" }, { "kind": "set-variable", "name": "b", "value": "{{ message.text }}" }""",
            new FlowBounds { MaxVariableCharacters = 60 });
        Assert.Equal(RunStatus.Failed, end.State.Status);
        Assert.Contains("variables", end.State.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_answer_is_cut_and_a_deep_one_stays_text()
    {
        FlowDefinition flow = Flow.Of("""{ "id": "ask", "kind": "call-http", "method": "GET", "url": "https://orders.example/", "saveAs": "a" }""");
        FlowState waiting = FlowEngine.Start(flow, Flow.Input).State;
        string deep = new string('[', 5_000) + new string(']', 5_000);
        Assert.Equal(deep, FlowEngine.Resume(flow, Flow.Input, waiting, new FlowEvent.HttpAnswered("ask", 200, deep)).State.Variables["a"]!["body"]!.GetValue<string>());
        FlowTransition cut = FlowEngine.Resume(flow, Flow.Input, waiting, new FlowEvent.HttpAnswered("ask", 200, new string('x', 300_000)));
        Assert.Equal(200_000, cut.State.Variables["a"]!["body"]!.GetValue<string>().Length);
        Assert.Equal("""{"a":1,"a":2}""", FlowEngine.Resume(flow, Flow.Input, waiting, new FlowEvent.HttpAnswered("ask", 200, """{"a":1,"a":2}""")).State.Variables["a"]!["body"]!.GetValue<string>());
    }

    [Fact]
    public void Html_of_a_reply_escapes_what_the_customer_wrote()
    {
        FlowInput input = Flow.Input with { Message = Flow.Input.Message with { Subject = "<script>alert(1)</script>" } };
        FlowTransition end = FlowEngine.Start(Flow.Of("""{ "kind": "reply", "text": "{{ message.subject }}", "html": "<b>{{ message.subject }}</b>" }"""), input);
        var reply = Assert.IsType<ReplyEffect>(Assert.Single(end.Effects));
        Assert.Equal("<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>", reply.Html);
        Assert.Equal("<script>alert(1)</script>", reply.Text);
    }
}
