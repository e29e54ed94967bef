using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Portal;

/// <summary>What the buttons of the page Sending do.</summary>
internal static class LetterOrdering
{
    /// <param name="deed">left, again, release, now, cancel, retry.</param>
    public static Task<LetterChange> CarryOutAsync(LetterActions letters, Guid organisationId, Guid letter, string deed) => deed switch
    {
        "left" => letters.ResolveAsLeftAsync(organisationId, letter, "A person says that it arrived", CancellationToken.None),
        "again" => letters.ResolveAsNotLeftAsync(organisationId, letter, "", CancellationToken.None),
        "release" or "now" => letters.HurryAsync(organisationId, letter, CancellationToken.None),
        "cancel" => letters.CancelAsync(organisationId, letter, "Cancelled by a person", CancellationToken.None),
        "retry" => letters.RequeueAsync(organisationId, letter, CancellationToken.None),
        _ => throw new ArgumentOutOfRangeException(nameof(deed), deed, null),
    };

    /// <summary>The audit's word for it.</summary>
    public static string ActionOf(string deed) => deed switch
    {
        "left" or "again" => "letter-resolved",
        "cancel" => "letter-cancelled",
        "release" or "now" => "letter-released",
        _ => "letter-requeued",
    };
}
