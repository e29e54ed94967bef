namespace Passerelle.Lab.Exchange;

/// <summary>What Exchange Online says about one status in a report (the vendor's table of NDR codes).</summary>
/// <param name="Who">Who can fix it.</param>
internal sealed record NdrCode(string Status, string Meaning, string Who, string Fix);

internal static class NdrCodes
{
    private const string Sender = "Sender";
    private const string SendersAdmin = "Sender's admin";
    private const string Recipient = "Recipient";
    private const string RecipientsAdmin = "Recipient's admin";
    private const string NotYours = "It looks like the recipient's email system is having a problem. Forward this message to its admin.";
    private const string AskAdmin = "Forward this message to your email admin.";

    private static readonly NdrCode[] All =
    [
        new("4.3.2", "Recipient thread limit exceeded.", Recipient, "Send the message again later."),
        new("4.4.7", "Message expired.", SendersAdmin, "Send the message again later."),
        new("4.4.316", "Connection refused.", RecipientsAdmin, NotYours),
        new("4.5.3", "The message has too many recipients.", Sender, "Split the message into several with fewer recipients."),
        new("4.7.26", "The message must pass SPF or DKIM validation.", SendersAdmin, AskAdmin),
        new("4.7.500", "Access denied, please try again later: sending is restricted for now.", SendersAdmin, AskAdmin),
        new("4.7.850", "Access denied, please try again later: the address is restricted for now.", SendersAdmin, AskAdmin),
        new("5.0.350", "The destination refused the message.", RecipientsAdmin, NotYours),
        new("5.1.0", "Sender denied.", Sender, "Check the address that you send from."),
        new("5.1.1", "The email address you entered couldn't be found.", Sender, "Check the recipient's address and send the message again."),
        new("5.1.8", "Access denied, bad outbound sender.", SendersAdmin, AskAdmin),
        new("5.1.10", "The email address wasn't found at the destination domain.", Sender, "Check the recipient's address and send the message again."),
        new("5.1.351", "The remote server doesn't know the address.", Sender, "Check the recipient's address and send the message again."),
        new("5.2.1", "The recipient's mailbox is disabled.", RecipientsAdmin, NotYours),
        new("5.2.2", "The recipient's mailbox is full and can't accept messages now.", Recipient, "Ask the recipient to make room, and send the message again."),
        new("5.2.3", "The message is larger than the recipient may receive.", Sender, "Send a smaller message."),
        new("5.2.121", "Too many messages an hour from one sender.", Sender, "Send the message again later."),
        new("5.2.122", "The recipient is getting too many messages.", Recipient, "Send the message again later."),
        new("5.3.190", "Journaling on-premises messages is not supported.", SendersAdmin, AskAdmin),
        new("5.4.1", "The recipient's domain refused the address.", Sender, "Check the recipient's address and send the message again."),
        new("5.4.6", "A routing loop was detected.", RecipientsAdmin, NotYours),
        new("5.4.14", "The message went from server to server too often: a mail loop.", RecipientsAdmin, NotYours),
        new("5.4.300", "The message expired.", RecipientsAdmin, NotYours),
        new("5.4.310", "The recipient's domain does not exist.", Sender, "Check the recipient's address and send the message again."),
        new("5.4.312", "The DNS query for the recipient's domain failed.", RecipientsAdmin, NotYours),
        new("5.4.316", "The recipient's server refused the connection until the message expired.", RecipientsAdmin, NotYours),
        new("5.6.11", "The message has characters that the destination does not take.", Sender, "Send the message from another program."),
        new("5.7.1", "Delivery was not authorized, or a mail flow rule rejected the message.", SendersAdmin, AskAdmin),
        new("5.7.12", "Only people of the recipient's organisation may write to it.", RecipientsAdmin, NotYours),
        new("5.7.23", "The message was rejected because of the Sender Policy Framework.", SendersAdmin, AskAdmin),
        new("5.7.64", "Relay access denied: the connector does not know the sender.", SendersAdmin, AskAdmin),
        new("5.7.13", "The sender was not authenticated for the public folder.", RecipientsAdmin, NotYours),
        new("5.7.25", "The sending IPv6 address must have a reverse DNS record.", SendersAdmin, AskAdmin),
        new("5.7.57", "The client was not authenticated to send anonymous mail.", SendersAdmin, AskAdmin),
        new("5.7.124", "The sender is not in the group's list of allowed senders.", RecipientsAdmin, NotYours),
        new("5.7.133", "Only people of the organisation may write to this group.", RecipientsAdmin, NotYours),
        new("5.7.134", "Only people of the organisation may write to this mailbox.", RecipientsAdmin, NotYours),
        new("5.7.136", "Only people of the organisation may write to this recipient.", RecipientsAdmin, NotYours),
        new("5.7.321", "The destination server must support TLS to receive mail.", RecipientsAdmin, NotYours),
        new("5.7.322", "The destination server's certificate has expired.", RecipientsAdmin, NotYours),
        new("5.7.323", "The record set of the destination domain failed DANE validation.", RecipientsAdmin, NotYours),
        new("5.7.324", "The destination domain returned invalid DNSSEC records.", RecipientsAdmin, NotYours),
        new("5.7.325", "The destination server's certificate does not match the domain.", RecipientsAdmin, NotYours),
        new("5.7.501", "Access denied, spam abuse detected.", SendersAdmin, AskAdmin),
        new("5.7.502", "Access denied, banned sender.", SendersAdmin, AskAdmin),
        new("5.7.503", "Access denied, banned sender.", SendersAdmin, AskAdmin),
        new("5.7.504", "Recipient address rejected: Access denied.", RecipientsAdmin, NotYours),
        new("5.7.505", "Access denied, banned recipient.", RecipientsAdmin, NotYours),
        new("5.7.506", "Access denied, bad HELO.", SendersAdmin, AskAdmin),
        new("5.7.507", "Access denied, rejected by recipient.", RecipientsAdmin, NotYours),
        new("5.7.508", "Access denied, the sending address has exceeded its limits.", SendersAdmin, AskAdmin),
        new("5.7.509", "The sending domain does not pass DMARC verification.", SendersAdmin, AskAdmin),
        new("5.7.510", "The recipient's domain does not accept mail over IPv6.", SendersAdmin, AskAdmin),
        new("5.7.511", "Access denied, banned sender.", SendersAdmin, AskAdmin),
        new("5.7.512", "The message must have one valid From address.", Sender, "Send the message from another program."),
        new("5.7.513", "The recipient's domain blocks the sending host.", RecipientsAdmin, NotYours),
        new("5.7.520", "The recipient's organisation does not allow external forwarding.", RecipientsAdmin,
            "Ask the recipient's admin to allow automatic forwarding in the outbound spam filter policy."),
        new("5.7.606", "Access denied, banned sending IP.", SendersAdmin, AskAdmin),
        new("5.7.700", "Access denied, tenant has exceeded threshold.", SendersAdmin, AskAdmin),
        new("5.7.703", "Access denied, tenant has exceeded threshold.", SendersAdmin, AskAdmin),
        new("5.7.705", "Access denied, tenant has exceeded threshold.", SendersAdmin, AskAdmin),
        new("5.7.708", "Access denied, traffic not accepted from this IP.", SendersAdmin, AskAdmin),
        new("5.7.750", "The client may not send from domains that are not registered.", SendersAdmin, AskAdmin),
    ];

    /// <param name="reply">Code first.</param>
    public static NdrCode? Of(string reply)
    {
        var status = Ndr.EnhancedStatus(reply);
        return All.FirstOrDefault(code => code.Status == status);
    }
}
