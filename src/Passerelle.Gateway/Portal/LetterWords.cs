using System.Globalization;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending.Replies;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Portal;

/// <summary>Why a letter stands where it stands, in the reader's language.</summary>
internal static class LetterWords
{
    /// <returns>Empty where nobody has said anything yet.</returns>
    public static string Meaning(QueuedLetter letter) => ReplyTable.Find(letter.StateReason) is { } row ? Sentences.In(row.Meaning) : Own(letter.StateReason);

    /// <returns>Who must do what, for a letter that waits for a person; null otherwise.</returns>
    public static string? Fix(QueuedLetter letter)
    {
        if (letter.State != "blocked" || ReplyTable.Find(letter.StateReason) is not { Fate: ReplyFate.Blocked }) return null;
        var cause = Causes.OfSmtp(letter.StateReason, isPassword: false);
        return $"{Sentences.In(cause.Owner)}: {Sentences.In(cause.Fix)}";
    }

    /// <summary>Until when it waits, or since when it does not any more.</summary>
    public static string Until(QueuedLetter letter, Texts words) => letter switch
    {
        { State: "waiting", NotBefore: { } at } when at >= letter.DueAt => words["sending.scheduled", Moment(at)],
        { State: "waiting", DueAt: { } due } => words["sending.until", Moment(due)],
        { SettledAt: { } ended } => words["sending.since", Moment(ended)],
        _ => words["sending.since", Moment(letter.CreatedAt)],
    };

    /// <summary>A sentence of ours is translated; one of the other side stands below it as it came.</summary>
    private static string Own(string reason) => Sentences.In(reason) is { } told && told != reason ? told : "";

    /// <summary>In the reader's form, UTC.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("g", CultureInfo.CurrentCulture) + " UTC";
}
