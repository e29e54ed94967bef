namespace Passerelle.Flows.Tests;

/// <summary>Short ways to say what a test is about.</summary>
internal static class Flow
{
    public static FlowInput Input { get; } = new()
    {
        Message = new FlowMessage
        {
            Id = "m-1",
            Kind = "human",
            From = new FlowParty("ann@fabrikam.example", "Ann Bell"),
            To = [new FlowParty("support@contoso.example", "Support"), new FlowParty("sales@contoso.example", null)],
            Subject = "Where is order 4711?",
            Text = "Hello,\nwhere is my order 4711?\n",
            ReplyText = "Hello,\nwhere is my order 4711?",
            Attachments = [new FlowAttachment("invoice.pdf", "application/pdf", 2048)],
        },
        App = new FlowApp("Support", "support@contoso.example"),
        Now = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
    };

    public static FlowDefinition Of(string steps)
    {
        FlowParse parse = FlowParser.Parse($$"""{ "version": 1, "name": "Test", "steps": [{{steps}}] }""");
        return parse is FlowParse.Valid valid ? valid.Flow : throw new InvalidOperationException(string.Join("; ", ((FlowParse.Invalid)parse).Errors));
    }

    public static FlowTransition Start(string steps, FlowBounds? bounds = null) => FlowEngine.Start(Of(steps), Input, bounds);

    public static IReadOnlyList<FlowError> Errors(string json) => Assert.IsType<FlowParse.Invalid>(FlowParser.Parse(json)).Errors;

    /// <summary>What one reply with this text would say.</summary>
    public static string Reply(string text)
    {
        FlowTransition end = Start($$"""{ "kind": "reply", "text": {{System.Text.Json.JsonSerializer.Serialize(text)}} }""");
        return end.State.Failure ?? Assert.IsType<ReplyEffect>(Assert.Single(end.Effects)).Text;
    }

    public static bool Holds(string test) =>
        Start($$"""{ "id": "c", "kind": "condition", "if": {{test}}, "then": [{ "kind": "reply", "text": "yes" }] }""").Effects.Count == 1;
}
