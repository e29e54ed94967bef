using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Keeping;

/// <summary>How setting a retention ended.</summary>
internal abstract record RetentionOutcome
{
    private RetentionOutcome() { }

    public sealed record Saved : RetentionOutcome;

    /// <summary>The organisation has no such app.</summary>
    public sealed record Unknown : RetentionOutcome;

    /// <param name="Problem">One of <see cref="RetentionProblems"/>.</param>
    public sealed record Bad(string Problem) : RetentionOutcome;
}

/// <summary>Says how long an app's mail is kept; the pruning reads it when it next runs.</summary>
internal sealed class Retentions(IStore store)
{
    public async Task<RetentionOutcome> SetAsync(Guid organisationId, Guid appId, Retention retention, CancellationToken cancel)
    {
        if (retention.Problem is { } problem) return new RetentionOutcome.Bad(problem);
        var changed = await store.WriteAsync(
            Lane.Work,
            tx => tx.For(organisationId).Execute(
                """
                UPDATE app SET keep_raw_days = @RawDays, keep_text_days = @TextDays, keep_message_days = @MessageDays
                WHERE organisation_id = @organisation AND id = @appId AND state <> 'gone'
                """,
                new { appId, retention.RawDays, retention.TextDays, retention.MessageDays }),
            cancel);
        return changed == 1 ? new RetentionOutcome.Saved() : new RetentionOutcome.Unknown();
    }
}
