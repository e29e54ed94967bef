namespace Passerelle.Flows.Tests;

public class ConditionTests
{
    [Theory]
    [InlineData("message.subject", "equals", "\"where is ORDER 4711?\"", true)]
    [InlineData("message.subject", "starts-with", "\"where\"", true)]
    [InlineData("message.subject", "contains", "\"invoice\"", false)]
    [InlineData("message.text", "matches", "\"order\\\\s+\\\\d{4}\"", true)]
    [InlineData("message.to.address", "contains", "\"sales@\"", true)]
    [InlineData("message.to.1.address", "equals", "\"sales@contoso.example\"", true)]
    [InlineData("message.attachments.size", "greater-than", "0", true)]
    [InlineData("message.attachments.0.size", "greater-than", "2048", false)]
    [InlineData("message.attachments.name", "matches", "\"\\\\.pdf$\"", true)]
    [InlineData("app.name", "equals", "\"support\"", true)]
    [InlineData("nothing.at.all", "equals", "\"x\"", false)]
    [InlineData("message.kind", "equals", "true", false)]
    public void An_operator_says_what_its_name_says(string field, string how, string value, bool holds) =>
        Assert.Equal(holds, Flow.Holds($$"""{ "field": "{{field}}", "operator": "{{how}}", "value": {{value}} }"""));

    [Theory]
    [InlineData("message.cc", true)]
    [InlineData("message.subject", false)]
    [InlineData("message.messageId", true)]
    [InlineData("nothing", true)]
    public void Empty_is_what_has_no_content(string field, bool holds) =>
        Assert.Equal(holds, Flow.Holds($$"""{ "field": "{{field}}", "operator": "is-empty" }"""));

    [Fact]
    public void All_any_and_not_combine()
    {
        const string Yes = """{ "field": "message.kind", "operator": "equals", "value": "human" }""";
        const string No = """{ "field": "message.kind", "operator": "equals", "value": "bounce" }""";
        Assert.True(Flow.Holds($$"""{ "all": [{{Yes}}, { "any": [{{No}}, {{Yes}}] }, { "not": {{No}} }] }"""));
        Assert.False(Flow.Holds($$"""{ "all": [{{Yes}}, {{No}}] }"""));
        Assert.False(Flow.Holds($$"""{ "any": [{{No}}, {{No}}] }"""));
        Assert.False(Flow.Holds($$"""{ "not": {{Yes}} }"""));
    }

    [Fact]
    public void A_hostile_pattern_costs_no_more_than_the_text_is_long()
    {
        FlowInput input = Flow.Input with { Message = Flow.Input.Message with { Text = new string('a', 100_000) + "!" } };
        FlowDefinition flow = Flow.Of("""{ "kind": "condition", "if": { "field": "message.text", "operator": "matches", "value": "^(a+)+$" }, "then": [] }""");
        Assert.Equal("no", FlowEngine.Start(flow, input).Trace[0].Result);
    }
}
