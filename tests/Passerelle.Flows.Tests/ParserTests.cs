namespace Passerelle.Flows.Tests;

public class ParserTests
{
    [Theory]
    [InlineData("", 1, "not JSON")]
    [InlineData("{\n  \"version\": 1,\n  \"name\": \"x\"\n  \"steps\": []\n}", 4, "not JSON")]
    [InlineData("[]", 1, "object")]
    [InlineData("{\n\"version\": 2,\n\"name\": \"x\", \"steps\": [{ \"kind\": \"end\" }] }", 2, "version 1")]
    [InlineData("{ \"version\": 1, \"steps\": [{ \"kind\": \"end\" }] }", 1, "“name” is missing")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [] }", 1, "without steps")]
    [InlineData("{ \"version\": 1, \"name\": \"x\",\n \"steps\": [\n{ \"kind\": \"jump\" }] }", 3, "one of condition")]
    [InlineData("{ \"version\": 1, \"name\": \"x\",\n \"steps\": [\n{ \"kind\": \"end\",\n \"txt\": 1 }] }", 4, "“txt” is not known")]
    [InlineData("{ \"version\": 1, \"name\": \"x\",\n \"steps\": [\n{ \"kind\": \"reply\" }] }", 3, "“text” is missing")]
    [InlineData("{ \"version\": 1, \"name\": \"x\",\n \"steps\": [\n{ \"kind\": \"reply\",\n\"text\": \"{{ a\" }] }", 4, "Liquid")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"name\": \"y\",\n \"steps\": [{ \"kind\": \"end\" }] }", 1, "twice")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"id\": \"a\", \"kind\": \"end\" },\n{ \"id\": \"a\", \"kind\": \"end\" }] }", 2, "another id")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"set-variable\", \"name\": \"message\", \"value\": \"a\" }] }", 1, "variable's name")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"call-http\", \"method\": \"GET\", \"url\": \"a\", \"headers\": { \"Host\": \"b\" } }] }", 1, "set by the connection")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"call-http\", \"method\": \"GET\", \"url\": \"a\", \"headers\": { \"A\\r\\nB\": \"b\" } }] }", 1, "header name")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"condition\", \"then\": [], \"if\": { \"field\": \"a\", \"operator\": \"matches\", \"value\": \"(\" } }] }", 1, "pattern cannot be read")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"condition\", \"then\": [], \"if\": { \"field\": \"a\", \"operator\": \"matches\", \"value\": \"(?=a)b\" } }] }", 1, "look-around")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"condition\", \"then\": [], \"if\": { \"all\": [] } }] }", 1, "at least one")]
    [InlineData("{ \"version\": 1, \"name\": \"x\", \"steps\": [{ \"kind\": \"condition\", \"then\": [], \"if\": { \"field\": \"a\", \"operator\": \"greater-than\", \"value\": \"5\" } }] }", 1, "without quotes")]
    public void A_mistake_is_named_at_its_line_with_what_to_do(string json, int line, string says)
    {
        FlowError error = Flow.Errors(json)[0];
        Assert.Equal(line, error.Line);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_says_its_path_and_column()
    {
        FlowError error = Assert.Single(Flow.Errors("""{ "version": 1, "name": "é", "steps": [{ "kind": "reply", "text": 5 }] }"""));
        Assert.Equal("steps[0].text", error.Path);
        Assert.Equal(67, error.Column);
    }

    [Fact]
    public void All_mistakes_are_named_at_once() =>
        Assert.Equal(3, Flow.Errors("""{ "version": 2, "name": "", "steps": [{ "kind": "reply" }] }""").Count);

    [Fact]
    public void Branches_that_lie_too_deep_are_refused()
    {
        string steps = """{ "kind": "end" }""";
        for (int i = 0; i < 12; i++) steps = $$"""{ "kind": "condition", "if": { "field": "a", "operator": "is-empty" }, "then": [{{steps}}] }""";
        Assert.Contains("deep", Flow.Errors($$"""{ "version": 1, "name": "x", "steps": [{{steps}}] }""")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_too_long_is_refused_before_it_is_read() =>
        Assert.Contains("KiB", Flow.Errors(new string(' ', FlowParser.MaxBytes + 1))[0].Message, StringComparison.Ordinal);

    [Fact]
    public void The_schema_names_every_kind_and_operator_that_the_parser_knows()
    {
        foreach (string word in new[] { "condition", "set-variable", "reply", "send", "call-http", "end" }.Concat(FlowWords.Operators.Keys))
        {
            Assert.Contains($"\"{word}\"", FlowSchema.Json, StringComparison.Ordinal);
        }
    }
}
