using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue.Outbox;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Queue;

/// <summary>How letting a mail out of quarantine ended.</summary>
internal abstract record ReleaseOutcome
{
    private ReleaseOutcome() { }

    /// <summary>It stands where its app lets it stand: routed next, or held, or kept for people.</summary>
    public sealed record Released(MessageState State) : ReleaseOutcome;

    /// <summary>The organisation has no such message.</summary>
    public sealed record Unknown : ReleaseOutcome;

    /// <param name="Sentence">Why, and what to do.</param>
    public sealed record Refused(string Sentence) : ReleaseOutcome;
}

/// <summary>Mail in which malware was found: stored like all mail, shown, never routed, until a person releases it or the app's days end it.</summary>
internal sealed class Quarantine(IStore store, Signals signals, TimeProvider time)
{
    public const string NotThere = "This message is not in quarantine";
    public const string BytesGone = "The source of this mail is kept no longer: there is nothing left to route";
    public const string AppRetired = "Its app was retired: bring the app back first";
    public const string Closed = "This mail is in quarantine, because malware was found in it: release it first";

    public static string Reason(string signature) => $"ClamAV found {signature}";

    /// <summary>Lets it go on as if nothing had been found; what was found stays in its verdict.</summary>
    public async Task<ReleaseOutcome> ReleaseAsync(Guid organisationId, Guid messageId, CancellationToken cancel)
    {
        var outcome = await store.WriteAsync(Lane.Work, tx => Release(tx, organisationId, messageId, time.GetUtcNow()), cancel);
        if (outcome is ReleaseOutcome.Released)
        {
            signals.Messages.Raise();
            signals.Views.Raise();
        }
        return outcome;
    }

    public Task<long> CountAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).One<long>(
            "SELECT COUNT(*) FROM message WHERE organisation_id = @organisation AND state = 'quarantined' AND malware = 'infected'"),
        cancel);

    private static ReleaseOutcome Release(Tx tx, Guid organisationId, Guid messageId, DateTimeOffset now)
    {
        if (MessageRows.Find(tx, organisationId, messageId) is not { } message) return new ReleaseOutcome.Unknown();
        if (!message.IsQuarantined) return new ReleaseOutcome.Refused(NotThere);
        if (message.RawPrunedAt is not null) return new ReleaseOutcome.Refused(BytesGone);
        var app = message.AppId == Receipt.NoApp ? (AppState?)null : AppRows.Find(tx, organisationId, message.AppId)?.State ?? AppState.Gone;
        var (state, reason) = Admission.Of(app);
        if (state is MessageState.Quarantined) return new ReleaseOutcome.Refused(AppRetired);
        tx.For(organisationId).Execute(
            """
            UPDATE message SET state = @state, state_reason = @reason, due_at = @now
            WHERE organisation_id = @organisation AND id = @messageId AND state = 'quarantined'
            """,
            new { messageId, state = MessageRows.Word(state), reason, now });
        EventOutbox.Add(tx, organisationId, new OutsideEvent(EventTypes.MessageReceived) { MessageId = messageId }, now);
        return new ReleaseOutcome.Released(state);
    }
}
