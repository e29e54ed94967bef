namespace Passerelle.Flows.Tests;

public class EngineTests
{
    private const string Call = """
        { "id": "ask", "kind": "call-http", "method": "POST", "url": "https://orders.example/{{ message.id }}",
          "headers": { "X-From": "{{ message.from.address }}" }, "body": "{{ message.text }}", "saveAs": "answer",
          "onError": [{ "id": "sorry", "kind": "reply", "text": "Later: {{ answer.error }}" }] },
        { "id": "tell", "kind": "reply", "text": "Status {{ answer.body.state }}, {{ answer.status }}" }
        """;

    [Fact]
    public void The_acknowledgement_of_the_form_answers_once_and_ends()
    {
        var flow = Assert.IsType<FlowParse.Valid>(FlowDefinition.Acknowledgement("Dear {{ message.from.name }}, we got “{{ message.subject }}”.")).Flow;
        FlowTransition end = FlowEngine.Start(flow, Flow.Input);
        var reply = Assert.IsType<ReplyEffect>(Assert.Single(end.Effects));
        Assert.Equal("Dear Ann Bell, we got “Where is order 4711?”.", reply.Text);
        Assert.True(reply.Acknowledgement);
        Assert.Equal(RunStatus.Ended, end.State.Status);
    }

    [Fact]
    public void A_broken_text_of_the_form_is_an_error_at_its_line() =>
        Assert.Contains("Liquid", Assert.Single(Assert.IsType<FlowParse.Invalid>(FlowDefinition.Acknowledgement("Dear {{ message.from.name")).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void A_condition_takes_the_branch_that_its_test_says_and_goes_on_behind_it()
    {
        FlowTransition end = Flow.Start("""
            { "id": "c", "kind": "condition", "if": { "field": "message.subject", "operator": "contains", "value": "ORDER" },
              "then": [{ "kind": "set-variable", "name": "topic", "value": "orders" }],
              "else": [{ "kind": "set-variable", "name": "topic", "value": "other" }] },
            { "kind": "send", "to": "{{ topic }}@contoso.example", "subject": "{{ message.subject }}", "text": "{{ message.text }}" }
            """);
        Assert.Equal("orders@contoso.example", Assert.IsType<SendEffect>(Assert.Single(end.Effects)).To);
        Assert.Equal(["yes", "done", "done"], end.Trace.Select(line => line.Result));
        Assert.Equal([1, 2, 3], end.Trace.Select(line => line.Number));
    }

    [Fact]
    public void End_ends_even_within_a_branch()
    {
        FlowTransition end = Flow.Start("""
            { "kind": "condition", "if": { "field": "message.kind", "operator": "equals", "value": "human" }, "then": [{ "kind": "end" }] },
            { "kind": "reply", "text": "never" }
            """);
        Assert.Empty(end.Effects);
        Assert.Equal(RunStatus.Ended, end.State.Status);
    }

    [Fact]
    public void A_call_waits_and_its_answer_is_a_variable()
    {
        FlowDefinition flow = Flow.Of(Call);
        FlowTransition asked = FlowEngine.Start(flow, Flow.Input);
        var call = Assert.IsType<CallHttpEffect>(Assert.Single(asked.Effects));
        Assert.Equal(("POST", "https://orders.example/m-1", "ann@fabrikam.example"), (call.Method, call.Url, call.Headers["X-From"]));
        Assert.Equal((RunStatus.Waiting, "ask"), (asked.State.Status, asked.State.WaitingFor));

        FlowState kept = FlowState.FromJson(asked.State.ToJson());
        FlowTransition told = FlowEngine.Resume(flow, Flow.Input, kept, new FlowEvent.HttpAnswered("ask", 200, """{"state":"sent"}"""));
        Assert.Equal("Status sent, 200", Assert.IsType<ReplyEffect>(Assert.Single(told.Effects)).Text);
        Assert.Equal(RunStatus.Ended, told.State.Status);
    }

    [Theory]
    [InlineData(500, "Later: the server answered 500", "Status , 500")]
    [InlineData(0, "Later: connection refused", "Status , 0")]
    public void A_failed_call_takes_its_branch_and_goes_on(int status, string sorry, string told)
    {
        FlowDefinition flow = Flow.Of(Call);
        FlowState waiting = FlowEngine.Start(flow, Flow.Input).State;
        FlowEvent happened = status == 0 ? new FlowEvent.HttpFailed("ask", "connection refused") : new FlowEvent.HttpAnswered("ask", status, "oops");
        FlowTransition end = FlowEngine.Resume(flow, Flow.Input, waiting, happened);
        Assert.Equal([sorry, told], end.Effects.Cast<ReplyEffect>().Select(reply => reply.Text));
    }

    [Fact]
    public void A_failed_call_without_branch_fails_the_run_with_a_sentence()
    {
        FlowDefinition flow = Flow.Of("""{ "id": "ask", "kind": "call-http", "method": "GET", "url": "https://orders.example/" }, { "kind": "reply", "text": "never" }""");
        FlowTransition end = FlowEngine.Resume(flow, Flow.Input, FlowEngine.Start(flow, Flow.Input).State, new FlowEvent.HttpAnswered("ask", 404, ""));
        Assert.Empty(end.Effects);
        Assert.Equal((RunStatus.Failed, "Step ask: the server answered 404, and the step has no onError branch"), (end.State.Status, end.State.Failure));
    }

    [Fact]
    public void An_answer_that_comes_twice_changes_nothing_the_second_time()
    {
        FlowDefinition flow = Flow.Of(Call);
        var answer = new FlowEvent.HttpAnswered("ask", 200, "{}");
        FlowState end = FlowEngine.Resume(flow, Flow.Input, FlowEngine.Start(flow, Flow.Input).State, answer).State;
        FlowTransition again = FlowEngine.Resume(flow, Flow.Input, end, answer);
        Assert.Same(end, again.State);
        Assert.Empty(again.Effects);
    }

    [Fact]
    public void A_resume_leaves_the_earlier_state_as_it_was()
    {
        FlowDefinition flow = Flow.Of(Call);
        FlowState waiting = FlowEngine.Start(flow, Flow.Input).State;
        string before = waiting.ToJson();
        FlowEngine.Resume(flow, Flow.Input, waiting, new FlowEvent.HttpAnswered("ask", 200, "{}"));
        Assert.Equal(before, waiting.ToJson());
    }

    [Fact]
    public void A_run_that_waits_at_a_step_of_another_version_fails_with_a_sentence()
    {
        FlowState waiting = FlowEngine.Start(Flow.Of(Call), Flow.Input).State;
        FlowTransition end = FlowEngine.Resume(Flow.Of("""{ "kind": "end" }"""), Flow.Input, waiting, new FlowEvent.HttpAnswered("ask", 200, ""));
        Assert.Equal(RunStatus.Failed, end.State.Status);
        Assert.Contains("does not have", end.State.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_shows_the_call_and_what_would_follow()
    {
        DryRunReport report = FlowEngine.DryRun(Flow.Of(Call), Flow.Input);
        Assert.IsType<CallHttpEffect>(report.Would[0]);
        Assert.IsType<ReplyEffect>(report.Would[1]);
        Assert.Equal(RunStatus.Ended, report.End.Status);
        Assert.Contains(report.Trace, line => line.Detail.StartsWith("Not called", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a@contoso.example, b@contoso.example")]
    [InlineData("a@contoso.example\\r\\nBcc: c@contoso.example")]
    public void A_send_to_what_is_not_one_address_fails_the_run(string to) =>
        Assert.Equal(RunStatus.Failed, Flow.Start($$"""{ "kind": "send", "to": "{{to}}", "subject": "x", "text": "y" }""").State.Status);

    [Fact]
    public void A_subject_can_never_begin_a_second_header() => Assert.Equal(
        "a  Bcc: b@contoso.example",
        Assert.IsType<SendEffect>(Assert.Single(Flow.Start("""{ "kind": "send", "to": "a@contoso.example", "subject": "a\r\nBcc: b@contoso.example", "text": "y" }""").Effects)).Subject);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("orders.example")]
    [InlineData("javascript:alert(1)")]
    public void A_call_goes_to_complete_http_addresses_only(string url) =>
        Assert.Equal(RunStatus.Failed, Flow.Start($$"""{ "kind": "call-http", "method": "GET", "url": "{{url}}" }""").State.Status);

    [Fact]
    public void A_missing_variable_is_reported_beside_its_step() =>
        Assert.Contains("(missing: city", Flow.Start("""{ "kind": "reply", "text": "Hello {{ city }}" }""").Trace[0].Detail, StringComparison.Ordinal);
}
