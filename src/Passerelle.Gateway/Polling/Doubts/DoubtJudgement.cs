using Passerelle.Gateway.Apps;

namespace Passerelle.Gateway.Polling.Doubts;

internal enum DoubtEnd
{
    /// <summary>It stays in doubt: Passerelle looks again, or a person decides.</summary>
    Open,

    /// <summary>It left.</summary>
    Left,

    /// <summary>It did not leave and is due again.</summary>
    Again,
}

/// <summary>What one look says of one letter in doubt. Pure.</summary>
/// <param name="Why">As a person reads it.</param>
internal sealed record DoubtJudgement(DoubtEnd End, Phrase Why)
{
    /// <param name="later">Ids of letters that left after it: one of them in the folder proves that copies are kept there under our ids.</param>
    /// <param name="age">Since the doubt began.</param>
    /// <param name="patience">How long Exchange may take to write a copy.</param>
    public static DoubtJudgement Of(Sighting sighting, string id, IReadOnlyList<string> later, string policy, TimeSpan age, TimeSpan patience) => sighting switch
    {
        Sighting.Closed => new(DoubtEnd.Open, Phrase.Of("Passerelle may not look into Sent Items of the mailbox: a person decides")),
        Sighting.Later => new(DoubtEnd.Open, Phrase.Of("Sent Items of the mailbox cannot be read now: Passerelle looks again")),
        Sighting.Seen { Ids: var ids } when ids.Contains(id) => new(DoubtEnd.Left, Phrase.Of("Its copy lies in Sent Items of the mailbox: it left")),
        _ when age < patience => new(DoubtEnd.Open, Phrase.Of("No copy lies in Sent Items yet, and Exchange may take some minutes to write it: Passerelle looks again")),
        Sighting.Seen { Ids: var ids } when !later.Any(ids.Contains) =>
            new(DoubtEnd.Open, Phrase.Of("No copy lies in Sent Items, and none of a later letter either: that proves nothing, so a person decides")),
        _ when policy != UnclearLetters.SentItems =>
            new(DoubtEnd.Open, Phrase.Of("No copy lies in Sent Items, where a later letter does: it seems not to have left, and the app's settings let a person decide")),
        _ => new(DoubtEnd.Again, Phrase.Of("No copy lies in Sent Items, where a later letter does: it did not leave and is sent again")),
    };
}
