using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Messages.Search;
using Passerelle.Gateway.Queue.Returns;
using Passerelle.Gateway.Reading.Scanning;
using Passerelle.Mail;
using Passerelle.Mail.Verdicts;
using Passerelle.Mail.Verdicts.Dkim;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Gateway.Reading;

/// <summary>All that was understood of a receipt, ready to be written; what only the store knows is added in the transaction.</summary>
/// <param name="Message">State, conversation and findings are still open.</param>
/// <param name="Digest">Of the content and of whether it is genuine: a forged first copy cannot swallow the genuine one.</param>
internal sealed record MessageDraft(Message Message, IReadOnlyList<Attachment> Attachments, ThreadHints Thread, byte[] Digest)
{
    /// <summary>Null for every mail but a provider's question whether it may forward here.</summary>
    public ForwardingConfirmation? Confirmation { get; init; }

    /// <summary>Cut here, because a transaction is no place for it.</summary>
    public SearchEntry Search { get; } = SearchEntry.Of(Message, Attachments, Thread.OtherIds);

    /// <summary>Null for mail that did not come over the network, and for what could not be read.</summary>
    public Deliverer? Deliverer { get; init; }

    /// <summary>Null for a mail that tells nothing of another.</summary>
    public ReturnHints? Returned { get; init; }

    /// <summary>Of the malware that was found; null: none.</summary>
    public string? Signature { get; init; }

    /// <summary>With what the scanners said: malware and spam are suspicious, whoever wrote them. A copy that is spam cannot swallow one
    /// that is none: the verdict is in its digest too.</summary>
    public MessageDraft With(Scan scan)
    {
        var isBad = scan.IsSpam || scan.Signature is not null;
        return this with
        {
            Signature = scan.Signature is { } signature ? Plain(signature) : null,
            Message = Message with
            {
                Malware = scan.MalwareWord,
                Spam = scan.SpamWord,
                Verdict = isBad ? VerdictSummary.Suspicious.Word() : Message.Verdict,
                VerdictReasons = Plain(JsonSerializer.Serialize(scan.Reasons(Message.VerdictReasonList))),
            },
            Thread = isBad ? Thread with { IsPartyBelieved = false } : Thread,
            Digest = isBad ? SHA256.HashData([.. Digest, .. "bad"u8]) : Digest,
        };
    }

    /// <param name="results">Our Authentication-Results field.</param>
    public static MessageDraft Of(Receipt receipt, ReadMail mail, Verdict verdict, string results, DateTimeOffset now)
    {
        var correspondent = AddressText.Fold(mail.From?.Address ?? receipt.EnvelopeFrom);
        var message = Bare(receipt, now) with
        {
            Kind = mail.Kind.Word(),
            KindEvidence = Plain(mail.Judgement.Evidence),
            FromAddress = Plain(AddressText.Fold(mail.From?.Address ?? "")),
            FromName = Plain(mail.From?.Name ?? ""),
            PartiesJson = Plain(PartiesOf(mail).ToJson()),
            Subject = Plain(mail.Subject),
            Text = Plain(mail.Text),
            Html = Plain(mail.SafeHtml ?? ""),
            SentAt = mail.Date,
            InternetId = Plain(mail.MessageId ?? ""),
            InReplyTo = Plain(mail.InReplyTo ?? ""),
            ReferenceIds = Plain(JsonSerializer.Serialize(mail.References.TakeLast(Threads.MostAncestors))),
            Verdict = verdict.Summary.Word(),
            VerdictReasons = Plain(JsonSerializer.Serialize(verdict.Reasons)),
            Spf = verdict.Spf?.Result.Word() ?? "",
            Dkim = verdict.Dkim?.Best().Word() ?? "",
            Dmarc = verdict.Dmarc?.Result.Word() ?? "",
            Arc = verdict.Arc.Chain.Word(),
            AuthenticationResults = results,
            Findings = mail.From is null ? JsonSerializer.Serialize(new[] { MessageFindings.NoFrom }) : "[]",
        };
        return new(message, [.. mail.Attachments.Select(Describe)], HintsOf(mail, verdict, correspondent, message.Subject), DigestOf(mail.Digest, verdict))
        {
            Confirmation = ConfirmationOf(message, mail.Kind),
        };
    }

    private static ForwardingConfirmation? ConfirmationOf(Message message, MailKind kind)
    {
        if (kind is not MailKind.ForwardingConfirmation) return null;
        var asked = ForwardingRequest.Find(message.Subject, message.Text, Presets.Find(Preset.Google)!.ConfirmationHosts); // a test reads the presets
        return asked is null
            ? null
            : new ForwardingConfirmation
            {
                MessageId = message.Id,
                AppId = message.AppId,
                Mailbox = asked.Mailbox,
                Code = asked.Code,
                Link = asked.Link,
                ReceivedAt = message.ReceivedAt,
            };
    }

    /// <summary>A mail that cannot be read: the bytes are kept, people see why, nothing acts upon it.</summary>
    public static MessageDraft Unreadable(Receipt receipt, string reason, DateTimeOffset now) => new(
        Bare(receipt, now) with { KindEvidence = Plain(reason) },
        [],
        new ThreadHints([], AddressText.Fold(receipt.EnvelopeFrom), ""),
        SHA256.HashData(receipt.Id.ToByteArray()));

    private static Message Bare(Receipt receipt, DateTimeOffset now) => new()
    {
        OrganisationId = receipt.OrganisationId,
        Id = receipt.Id,
        AppId = receipt.AppId,
        ReceiptId = receipt.Id,
        RawId = receipt.RawId,
        ConversationId = Guid.Empty,
        Kind = MailKind.Unreadable.Word(),
        KindEvidence = "",
        FromAddress = "",
        FromName = "",
        PartiesJson = Parties.None.ToJson(),
        Subject = "",
        Text = "",
        Html = "",
        InternetId = "",
        InReplyTo = "",
        ReferenceIds = "[]",
        Verdict = VerdictSummary.Unproven.Word(),
        VerdictReasons = "[]",
        Findings = "[]",
        Size = receipt.Size,
        ReceivedAt = receipt.ReceivedAt,
        ReadAt = now,
        State = MessageState.Ready,
        StateReason = "",
        Attempts = 0,
        DueAt = now,
        Epoch = 0,
    };

    private static ThreadHints HintsOf(ReadMail mail, Verdict verdict, string correspondent, string subject) => new(
        [.. new[] { mail.InReplyTo }.OfType<string>().Concat(mail.References.Reverse()).Distinct()],
        Plain(correspondent),
        subject)
    {
        InReplyTo = mail.InReplyTo,
        ThreadRoot = mail.ThreadRoot ?? "",
        OtherIds = [.. mail.OtherMessageIds.Select(Plain).Distinct(StringComparer.Ordinal)],
        IsPartyBelieved = verdict.Summary is not VerdictSummary.Suspicious,
    };

    private static byte[] DigestOf(string content, Verdict verdict) =>
        SHA256.HashData(Encoding.ASCII.GetBytes($"{content} {verdict.Summary is VerdictSummary.Genuine}"));

    private static Parties PartiesOf(ReadMail mail) => new(
        ToParties(mail.From is { } from ? [from] : []),
        mail.Sender is { } sender ? ToParty(sender) : null,
        ToParties(mail.ReplyTo),
        ToParties(mail.To),
        ToParties(mail.Cc));

    private static IReadOnlyList<Party> ToParties(IReadOnlyList<MailParty> parties) => [.. parties.Select(ToParty)];

    private static Party ToParty(MailParty party) => new(party.Name ?? "", party.Address);

    private static Attachment Describe(MailAttachment part, int number) => new()
    {
        Number = number,
        Name = Plain(part.Name ?? ""),
        Type = Plain(part.Type),
        Size = part.Size,
        Sha256 = part.Sha256,
        ContentId = Plain(part.ContentId ?? ""),
    };

    /// <summary>Text that both stores can hold: PostgreSQL takes neither NUL nor half a surrogate pair.</summary>
    private static string Plain(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 && !text.Contains('\0')
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
