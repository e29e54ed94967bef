using Passerelle.Flows;

namespace Passerelle.Gateway.Routing;

/// <summary>What a flow would do with a stored message.</summary>
internal abstract record DryRun
{
    private DryRun() { }

    /// <param name="Refusal">Why no automatic answer to this message would leave; null when one might, within the caps.</param>
    public sealed record Done(DryRunReport Report, string? Refusal) : DryRun;
    public sealed record Invalid(IReadOnlyList<FlowError> Errors) : DryRun;

    /// <summary>The bytes of the message are kept no longer.</summary>
    public sealed record SourceGone : DryRun;

    /// <summary>The organisation has no such message.</summary>
    public sealed record Unknown : DryRun;
}

/// <summary>Runs a flow over a stored message without anything happening.</summary>
internal sealed class DryRuns(RunSubjects subjects, TimeProvider time)
{
    /// <param name="json">The document, as it stands in the editor.</param>
    public async Task<DryRun> RunAsync(Guid organisationId, string json, Guid messageId, CancellationToken cancel)
    {
        try
        {
            return await subjects.OfAsync(organisationId, messageId, cancel) is { } subject ? Run(json, subject) : new DryRun.Unknown();
        }
        catch (FileNotFoundException)
        {
            return new DryRun.SourceGone();
        }
    }

    private DryRun Run(string json, RunSubject subject) => FlowParser.Parse(json) switch
    {
        FlowParse.Valid valid => new DryRun.Done(
            FlowEngine.DryRun(valid.Flow, FlowInputs.Of(subject.Message, subject.Attachments, subject.App, time.GetUtcNow()) with { Templates = subject.Templates }),
            AnswerRule.ReasonAgainst(subject.Message, subject.Mail, subject.OwnAddresses, subject.IsOurs)),
        FlowParse.Invalid invalid => new DryRun.Invalid(invalid.Errors),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
