using Passerelle.Mail;

namespace Passerelle.Gateway.Doctor;

/// <summary>Marks that Exchange leaves on a mail that a mailbox forwards (facts/microsoft365.md §6.3).</summary>
/// <param name="Mailbox">Of <c>X-MS-Exchange-ForwardingLoop</c>; empty when no Exchange mailbox forwarded it.</param>
/// <param name="KeepsCopy"><c>X-MS-Exchange-Transport-Forked: True</c>: a copy stays in the mailbox.</param>
internal sealed record ForwardedHeaders(string Mailbox, bool KeepsCopy)
{
    /// <summary>True when a mailbox forwarded the mail and kept nothing of it.</summary>
    public bool LeavesNoCopy => Mailbox.Length > 0 && !KeepsCopy;

    /// <param name="raw">Seekable.</param>
    public static ForwardedHeaders In(Stream raw)
    {
        var headers = MailHeaders.Of(raw, new ReadingBounds());
        string First(string name) => headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value ?? "";
        return new(First("X-MS-Exchange-ForwardingLoop").Split(';')[0].Trim(), First("X-MS-Exchange-Transport-Forked").Equals("True", StringComparison.OrdinalIgnoreCase));
    }
}
