namespace Passerelle.Mail.Replies;

/// <param name="InReplyTo">Null: it answers nothing, or a mail without a Message-ID.</param>
internal sealed record Thread(string? InReplyTo, IReadOnlyList<string> References, bool IsAnswer = true);

internal sealed record Audience(IReadOnlyList<MailParty> To, IReadOnlyList<MailParty> Cc)
{
    public static Audience Of(ReadMail original, Draft draft)
    {
        IReadOnlyList<MailParty> author = original.From is { } from ? [from] : [];
        if (draft.Automatic) return new Audience(Others(author, draft, []), []);
        var to = Others(original.ReplyTo.Count > 0 ? original.ReplyTo : author, draft, []);
        if (!draft.ToAll) return new Audience(to, []);
        to = [.. to, .. Others(original.To, draft, to)];
        return new Audience(to, Others(original.Cc, draft, to));
    }

    private static List<MailParty> Others(IEnumerable<MailParty> parties, Draft draft, IReadOnlyList<MailParty> already) =>
        [.. parties
            .Where(party => !party.Address.In(draft.OwnAddresses) && !AddressText.Same(party.Address, draft.From.Address))
            .Where(party => !already.Any(one => AddressText.Same(one.Address, party.Address)))
            .DistinctBy(party => party.Address, StringComparer.OrdinalIgnoreCase)];
}
