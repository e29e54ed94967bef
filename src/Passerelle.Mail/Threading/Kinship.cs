namespace Passerelle.Mail.Threading;

/// <summary>Why a mail belongs to a conversation, strongest first.</summary>
public enum KinshipReason
{
    /// <summary>In-Reply-To names a mail of it.</summary>
    InReplyTo,

    /// <summary>References name a mail of it.</summary>
    References,

    /// <summary>Outlook's Thread-Index begins with the same 22 bytes.</summary>
    ThreadIndex,

    /// <summary>An answer by its subject, from the same correspondent, while the conversation is young.</summary>
    SubjectAndParty,
}

/// <summary>What a mail says about where it belongs.</summary>
public sealed record ThreadSigns
{
    /// <summary>All ids that the mail has: its Message-ID, and the one it had before a server wrote another over it.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
    public string? InReplyTo { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>As <see cref="ThreadIndexes.Root"/>; null when absent.</summary>
    public string? ThreadRoot { get; init; }
    public string Subject { get; init; } = "";

    /// <summary>Folded address; "" when unknown.</summary>
    public string Correspondent { get; init; } = "";
    public required DateTimeOffset At { get; init; }

    public static ThreadSigns Of(ReadMail mail, string correspondent, DateTimeOffset at) => new()
    {
        Ids = [.. new[] { mail.MessageId }.OfType<string>().Concat(mail.OtherMessageIds).Distinct(StringComparer.Ordinal)],
        InReplyTo = mail.InReplyTo,
        References = mail.References,
        ThreadRoot = mail.ThreadRoot,
        Subject = mail.Subject,
        Correspondent = correspondent,
        At = at,
    };
}

/// <summary>What is known of a conversation that a mail may belong to.</summary>
/// <param name="Ids">Of its mails and letters, both of one that was rewritten.</param>
/// <param name="ThreadRoots">As <see cref="ThreadIndexes.Root"/>.</param>
public sealed record KnownThread<TKey>(
    TKey Key, IReadOnlySet<string> Ids, IReadOnlySet<string> ThreadRoots, string Subject, string Correspondent, DateTimeOffset LastAt);

/// <param name="Score">1 to 100. From <see cref="Kinship.Enough"/> on the mail joins.</param>
public readonly record struct Kin<TKey>(TKey Key, int Score, IReadOnlyList<KinshipReason> Reasons);

/// <summary>Decides which conversation a mail continues. Cautious: a mail that is taken for another's shows one customer what
/// belongs to the next, so ids decide, and a subject only for an answer from the same correspondent.</summary>
public static class Kinship
{
    public const int Enough = 50;

    /// <summary>Days after which a subject says nothing any more.</summary>
    public const int YoungDays = 30;

    /// <summary>Characters below which a subject is everybody's: "Hi", "Test".</summary>
    private const int ShortestSubject = 8;

    /// <summary>The nearer the ancestor, the surer; each step back costs a point, down to where ids still win over subjects.</summary>
    private const int NearestReference = 95, FarthestReference = 75;

    private const int SameIndex = 70, SameSubject = 55, FurtherReason = 2;

    /// <returns>The best, with every reason for it; null when none is good enough, or two are equally good by subject alone.</returns>
    public static Kin<TKey>? Best<TKey>(ThreadSigns mail, IEnumerable<KnownThread<TKey>> candidates)
    {
        var kin = candidates.Select(known => Of(mail, known)).Where(one => one.Score >= Enough).OrderByDescending(one => one.Score).Take(2).ToList();
        if (kin.Count == 0) return null;
        bool unsure = kin is [{ Reasons: [KinshipReason.SubjectAndParty] }, { Reasons: [KinshipReason.SubjectAndParty] }];
        return unsure ? null : kin[0];
    }

    public static Kin<TKey> Of<TKey>(ThreadSigns mail, KnownThread<TKey> known)
    {
        var found = new List<(KinshipReason Reason, int Score)>();
        if (mail.InReplyTo is { } parent && known.Ids.Contains(parent)) found.Add((KinshipReason.InReplyTo, 98));
        int back = mail.References.Reverse().TakeWhile(id => !known.Ids.Contains(id)).Count();
        if (back < mail.References.Count) found.Add((KinshipReason.References, Math.Max(NearestReference - back, FarthestReference)));
        if (mail.ThreadRoot is { } root && known.ThreadRoots.Contains(root)) found.Add((KinshipReason.ThreadIndex, SameIndex));
        if (IsSubjectOf(mail, known)) found.Add((KinshipReason.SubjectAndParty, SameSubject));
        int score = found.Count == 0 ? 0 : found.Max(one => one.Score) + (FurtherReason * (found.Count - 1));
        return new Kin<TKey>(known.Key, Math.Min(score, 100), [.. found.Select(one => one.Reason)]);
    }

    private static bool IsSubjectOf<TKey>(ThreadSigns mail, KnownThread<TKey> known)
    {
        if (mail.Correspondent.Length == 0 || !AddressText.Same(mail.Correspondent, known.Correspondent)) return false;
        if (mail.At - known.LastAt > TimeSpan.FromDays(YoungDays)) return false;
        BaseSubject subject = BaseSubject.OfAnyLanguage(mail.Subject);
        return subject.Depth > 0 && subject.Text.Length >= ShortestSubject
            && subject.Text.Equals(BaseSubject.OfAnyLanguage(known.Subject).Text, StringComparison.OrdinalIgnoreCase);
    }
}
