using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Tokens;
using static Passerelle.Gateway.Apps.Finding;

namespace Passerelle.Gateway.Doctor;

/// <summary>
/// From a delivery report to who must do what: the codes of facts/microsoft365.md §5.5, §6.2 and §6.4, as the one hears them who
/// writes to a mailbox.
/// </summary>
internal static class ForwardingCauses
{
    /// <param name="recipient">Whom the report is about; empty when it does not say.</param>
    /// <param name="status">Enhanced status; empty when it names none.</param>
    /// <param name="app">Null: a report that somebody pasted, about nobody we know.</param>
    public static Finding Of(string recipient, string status, string words, EmailApp? app) => (status, words) switch
    {
        ("5.7.520", _) => Wrong(
            "F3", Phrase.Of("The outbound spam policy forbids forwarding to addresses outside; Automatic means off too"), Cause.Exchange,
            Phrase.Of("Defender › Email & collaboration › Policies & rules › Anti-spam › Anti-spam outbound policy: Automatic forwarding rules = On, best in a policy for this mailbox alone"), words),
        (_, _) when words.Contains("TRANSPORT.RULES", StringComparison.OrdinalIgnoreCase) => Rule(words),
        ("5.4.14" or "5.4.6", _) => Wrong(
            "F5", Phrase.Of("The mail ran in a circle between mailboxes that forward to each other"), Cause.Exchange,
            Phrase.Of("Exchange admin center › Mail flow › Rules, and the rules of the mailbox: let one forwarding remain"), words),
        (_, _) when app is not null && IsOurs(recipient, app) && !AddressText.Same(recipient, app.ForwardingAddress) => WrongAddress(recipient, app, words),
        (_, _) when app is not null && IsOfDelivery(status) && IsStrange(recipient, app) => WrongAddress(recipient, app, words),
        (_, _) when app is not null && AddressText.Same(recipient, app.ForwardingAddress) => Wrong(
            "F6", Phrase.Of("Exchange could not hand the forwarded mail to this Passerelle"), Cause.Passerelle,
            Phrase.Of("Open port 25 to Passerelle's receiver and check the inbound domain"), words),
        ("5.1.10" or "5.1.1" or "5.4.1" or "5.1.351", _) => Wrong(
            "X1", Phrase.Of("Exchange knows no mailbox {0}", recipient), Cause.Exchange,
            Phrase.Of("Compare the Email ID with the mailbox's address; give the mailbox an Exchange Online licence"), words),
        ("5.2.2", _) => Wrong("X1", Phrase.Of("The mailbox is full"), Cause.Exchange, Phrase.Of("Make room in the mailbox"), words),
        ("5.2.1", _) => Wrong("X1", Phrase.Of("The mailbox is switched off"), Cause.Exchange, Phrase.Of("Active users: the account must exist, be enabled and have a licence"), words),
        ("5.7.1" or "5.7.900", _) => Rule(words),
        ("5.4.300" or "5.4.312" or "5.4.316" or "5.4.310" or "5.7.321" or "5.7.322" or "5.7.323" or "5.7.324" or "5.7.325" or "4.4.316", _) => Wrong(
            "F6", Phrase.Of("Exchange could not hand the forwarded mail to this Passerelle"), Cause.Passerelle,
            Phrase.Of("Open port 25 to Passerelle's receiver and check the inbound domain"), words),
        _ when status.StartsWith("5.7.9", StringComparison.Ordinal) => Rule(words),
        _ when status.StartsWith("5.7", StringComparison.Ordinal) => Wrong(
            "F5", Phrase.Of("A policy of the mailbox's organisation refused the mail"), Cause.Exchange,
            Phrase.Of("Read the report's words: they name the policy"), words),
        _ when status.StartsWith("5.2", StringComparison.Ordinal) => Wrong(
            "X1", Phrase.Of("The mailbox could not take the mail"), Cause.Exchange, Phrase.Of("Read the report's words: they name what the mailbox lacks"), words),
        _ => Wrong(
            "F5", Phrase.Of("The mail could not be delivered for a reason that we do not know"), Cause.Exchange,
            Phrase.Of("Read the report's words: they name what the mailbox lacks"), words),
    };

    /// <summary>The forwarding leads to somebody else.</summary>
    public static Finding WrongAddress(string recipient, EmailApp app, string words) => Wrong(
        "F1", Phrase.Of("The mailbox forwards to {0} instead of {1}", recipient, app.ForwardingAddress), Cause.Exchange,
        Phrase.Of("Active users › the mailbox › Mail › Manage email forwarding: enter {0}", app.ForwardingAddress), words);

    private static Finding Rule(string words) => Wrong(
        "F5", Phrase.Of("A mail flow rule of the organisation refuses the forwarded mail"), Cause.Exchange,
        Phrase.Of("Exchange admin center › Mail flow › Rules: except the forwarding address from the rule that refuses"), words);

    /// <summary>A host or a recipient could not be found or reached, as against what a mailbox or a policy refuses.</summary>
    private static bool IsOfDelivery(string status) =>
        status.StartsWith("5.1.", StringComparison.Ordinal) || status.StartsWith("5.4.", StringComparison.Ordinal) || status.StartsWith("4.4.", StringComparison.Ordinal)
        || status.StartsWith("5.7.32", StringComparison.Ordinal);

    /// <summary>Neither the mailbox's address nor one of ours: then the mail was to go to somebody whom the mailbox forwards to.</summary>
    private static bool IsStrange(string recipient, EmailApp app) =>
        recipient.Contains('@', StringComparison.Ordinal) && !app.OwnAddresses.Any(own => AddressText.Same(own, recipient))
        && !AddressText.Same(recipient[(recipient.LastIndexOf('@') + 1)..], app.EmailId[(app.EmailId.LastIndexOf('@') + 1)..])
        && !recipient.EndsWith(".onmicrosoft.com", StringComparison.OrdinalIgnoreCase); // the mailbox by its first name

    private static bool IsOurs(string recipient, EmailApp app) =>
        AddressText.Same(recipient[(recipient.LastIndexOf('@') + 1)..], app.ForwardingAddress[(app.ForwardingAddress.LastIndexOf('@') + 1)..]);

    private static Finding Wrong(string step, Phrase what, string owner, Phrase how, string words) => Faulty(step, Probed, what, owner, how, words);
}
