using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Conversations;

/// <summary>How an order to split, merge or undo ended.</summary>
internal abstract record RearrangeOutcome
{
    private RearrangeOutcome() { }

    /// <param name="ConversationId">Where the message stands now.</param>
    public sealed record Done(Guid ConversationId) : RearrangeOutcome;

    /// <summary>The organisation has no such message.</summary>
    public sealed record Unknown : RearrangeOutcome;

    /// <param name="Sentence">Why not, and what to do about it.</param>
    public sealed record Refused(string Sentence) : RearrangeOutcome;
}

/// <summary>People put right what threading could not know. Everything can be undone: what was moved is written down.</summary>
internal sealed class Rearrangements(IStore store, Signals signals, TimeProvider time)
{
    /// <summary>Messages moved by one order: all in one transaction, which must stay short.</summary>
    public const int MostMessages = 500;

    /// <summary>The message and all later ones of its conversation begin a new one, with the letters that answer them.</summary>
    public Task<RearrangeOutcome> SplitAsync(Guid organisationId, Guid messageId, Guid personId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return WriteAsync(tx => Split(tx, organisationId, messageId, personId, now), cancel);
    }

    /// <summary>All of the message's conversation goes into the conversation of <paramref name="intoMessageId"/>.</summary>
    public Task<RearrangeOutcome> MergeAsync(Guid organisationId, Guid messageId, Guid intoMessageId, Guid personId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return WriteAsync(tx => Merge(tx, organisationId, messageId, intoMessageId, personId, now), cancel);
    }

    /// <summary>Takes back the latest order that touched the message's conversation.</summary>
    public Task<RearrangeOutcome> UndoAsync(Guid organisationId, Guid messageId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return WriteAsync(tx => Undo(tx, organisationId, messageId, now), cancel);
    }

    private async Task<RearrangeOutcome> WriteAsync(Func<Tx, RearrangeOutcome> write, CancellationToken cancel)
    {
        var outcome = await store.WriteAsync(Lane.Work, write, cancel);
        signals.Messages.Raise(); // one that waited behind another conversation's may be due now
        signals.Letters.Raise();
        signals.Views.Raise();
        return outcome;
    }

    private static RearrangeOutcome Split(Tx tx, Guid organisationId, Guid messageId, Guid personId, DateTimeOffset now)
    {
        if (MessageRows.Find(tx, organisationId, messageId) is not { } message) return new RearrangeOutcome.Unknown();
        var all = ConversationMoves.Of(tx, organisationId, message.ConversationId);
        if (all.Messages[0] == messageId) return new RearrangeOutcome.Refused("This message begins its conversation already: split at a later one");
        var moved = all.From(messageId);
        if (RefusalOf(tx, organisationId, moved, message.ConversationId) is { } refused) return refused;
        var id = Guid.CreateVersion7(now);
        Threads.Begin(tx, organisationId, message.AppId, message.FromAddress, message.Subject, id, now);
        return Done(tx, new ConversationMove
        {
            OrganisationId = organisationId,
            Id = id,
            Kind = "split",
            FromId = message.ConversationId,
            IntoId = id,
            Moved = moved.ToJson(),
            PersonId = personId,
            At = now,
        });
    }

    private static RearrangeOutcome Merge(Tx tx, Guid organisationId, Guid messageId, Guid intoMessageId, Guid personId, DateTimeOffset now)
    {
        if (MessageRows.Find(tx, organisationId, messageId) is not { } message) return new RearrangeOutcome.Unknown();
        if (MessageRows.Find(tx, organisationId, intoMessageId) is not { } into) return new RearrangeOutcome.Refused("There is no such message to merge with");
        if (into.AppId != message.AppId) return new RearrangeOutcome.Refused("The two messages came to different apps: conversations stay within one");
        if (into.ConversationId == message.ConversationId) return new RearrangeOutcome.Refused("Both messages are in one conversation already");
        var moved = ConversationMoves.Of(tx, organisationId, message.ConversationId);
        if (RefusalOf(tx, organisationId, moved, message.ConversationId, into.ConversationId) is { } refused) return refused;
        return Done(tx, new ConversationMove
        {
            OrganisationId = organisationId,
            Id = Guid.CreateVersion7(now),
            Kind = "merge",
            FromId = message.ConversationId,
            IntoId = into.ConversationId,
            Moved = moved.ToJson(),
            PersonId = personId,
            At = now,
        });
    }

    private static RearrangeOutcome Undo(Tx tx, Guid organisationId, Guid messageId, DateTimeOffset now)
    {
        if (MessageRows.Find(tx, organisationId, messageId) is not { } message) return new RearrangeOutcome.Unknown();
        if (ConversationMoves.Latest(tx, organisationId, message.ConversationId) is not { } move)
            return new RearrangeOutcome.Refused("Nothing was split or merged here that could be undone");
        var moved = Moved.FromJson(move.Moved);
        var there = ConversationMoves.Of(tx, organisationId, move.IntoId);
        if (moved.Messages.Except(there.Messages).Any() || moved.Letters.Except(there.Letters).Any())
            return new RearrangeOutcome.Refused("Part of it was moved on since: undo that first, from one of its messages");
        // Answers that were written since go back with the messages they answer.
        moved = moved with { Letters = [.. there.Letters.Where(letter => moved.Letters.Contains(letter) || ConversationMoves.Answers(tx, organisationId, letter, moved.Messages))] };
        if (RefusalOf(tx, organisationId, moved, move.FromId, move.IntoId) is { } refused) return refused;
        ConversationMoves.Apply(tx, organisationId, moved, move.IntoId, move.FromId);
        ConversationMoves.MarkUndone(tx, organisationId, move.Id, now);
        return new RearrangeOutcome.Done(MessageRows.Find(tx, organisationId, messageId)!.ConversationId); // it was found above
    }

    private static RearrangeOutcome Done(Tx tx, ConversationMove move)
    {
        ConversationMoves.Apply(tx, move.OrganisationId, Moved.FromJson(move.Moved), move.FromId, move.IntoId);
        ConversationMoves.Insert(tx, move);
        return new RearrangeOutcome.Done(move.IntoId);
    }

    private static RearrangeOutcome? RefusalOf(Tx tx, Guid organisationId, Moved moved, params ReadOnlySpan<Guid> conversations)
    {
        if (moved.Messages.Count > MostMessages) return new RearrangeOutcome.Refused($"More than {MostMessages} messages would move at once: split later");
        foreach (var conversation in conversations)
        {
            if (ConversationMoves.IsLeaving(tx, organisationId, conversation))
                return new RearrangeOutcome.Refused("A letter of it is leaving just now: ask again in a moment");
        }
        return null;
    }
}
