using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Graph;

/// <summary>Hands a mail of a mailbox to Exchange's transport: Graph's answer 202 says accepted, not delivered.</summary>
internal sealed class Sending(Transport transport, Exchanges exchanges)
{
    private const string SendAsDenied = "The user account which was used to submit this request does not have the right to send mail on behalf of"
        + " the specified sending account., Cannot submit message.";

    /// <exception cref="GraphFault">What Exchange refuses.</exception>
    public async Task<GraphAnswer> SendAsync(GraphCall call, UserPlace owner, MimeMessage mime, bool keepsCopy)
    {
        var submitter = new Submitter(owner.Lab, owner.User.Address, owner.User.DisplayName, owner.Directory);
        string[] recipients = [.. mime.To.Concat(mime.Cc).Concat(mime.Bcc).OfType<InternetAddress>().SelectMany(Mailboxes).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (recipients.Length == 0 || !recipients.All(recipient => MailAddress.TryParse(recipient, out _))) throw MessageWriting.InvalidRecipients();
        DemandSender(call, submitter, mime);
        var from = mime.From.Mailboxes.FirstOrDefault()?.Address ?? owner.User.Address;
        if (mime.From.Count == 0) mime.From.Add(new MailboxAddress(owner.User.DisplayName, owner.User.Address));
        mime.Bcc.Clear();
        var raw = MessageWriting.Bytes(mime);
        DemandRoom(submitter, raw, from, recipients);
        var id = await transport.SubmitAsync(
            submitter, from, recipients, raw, $"graph.{submitter.Domain}", CancellationToken.None, keepsCopy); // accepted means all of it
        return GraphAnswer.Accepted with { MessageId = id };
    }

    private static IEnumerable<string> Mailboxes(InternetAddress address) => address switch
    {
        MailboxAddress mailbox => [mailbox.Address],
        GroupAddress group => group.Members.SelectMany(Mailboxes),
        _ => [],
    };

    /// <summary>By Send As or on behalf of, for the person or application whose token it is.</summary>
    private static void DemandSender(GraphCall call, Submitter submitter, MimeMessage mime)
    {
        var actor = new Actor(call.Token.ObjectId);
        var named = mime.From.Mailboxes.Select(from => from.Address).Concat(mime.Sender is { } sender ? [sender.Address] : []);
        if (named.Any(address => !submitter.Owns(address) && !actor.MaySendAs(submitter, address)))
            throw new GraphFault(StatusCodes.Status403Forbidden, "ErrorSendAsDenied", SendAsDenied);
    }

    /// <summary>The limits of facts §5.8 hold here too; their codes in Graph are not recorded (facts §4.3).</summary>
    private void DemandRoom(Submitter submitter, byte[] raw, string from, string[] recipients)
    {
        var limits = submitter.Organisation?.SubmissionLimits ?? new SubmissionLimits();
        if (raw.Length > limits.MessageBytes)
            throw new GraphFault(StatusCodes.Status413RequestEntityTooLarge, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.");
        if (submitter.Mailbox is { Restricted: true })
            throw new GraphFault(StatusCodes.Status403Forbidden, "ErrorMessageSubmissionBlocked", "Cannot send mail. Follow the instructions in your Inbox to verify your account.");
        if (submitter.Mailbox is { Full: true })
            throw new GraphFault(StatusCodes.Status507InsufficientStorage, "ErrorQuotaExceeded", "The mailbox has exceeded its storage quota.");
        if (recipients.Length > limits.RecipientsPerMessage)
            throw MessageWriting.InvalidRecipients();
        if (exchanges.Of(submitter.Lab).Ledger.Refusal(submitter, from, recipients) is { } refusal)
            throw new GraphFault(StatusCodes.Status429TooManyRequests, "ErrorExceededMessageLimit", refusal.Text);
    }
}
