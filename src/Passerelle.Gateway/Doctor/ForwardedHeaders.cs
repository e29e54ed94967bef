using MimeKit;

namespace Passerelle.Gateway.Doctor;

/// <summary>Marks that Exchange leaves on a mail that a mailbox forwards (facts/microsoft365.md §6.3).</summary>
/// <param name="Mailbox">Of <c>X-MS-Exchange-ForwardingLoop</c>; empty when no Exchange mailbox forwarded it.</param>
/// <param name="KeepsCopy"><c>X-MS-Exchange-Transport-Forked: True</c>: a copy stays in the mailbox.</param>
internal sealed record ForwardedHeaders(string Mailbox, bool KeepsCopy)
{
    private static ForwardedHeaders None { get; } = new("", KeepsCopy: false);

    /// <summary>True when a mailbox forwarded the mail and kept nothing of it.</summary>
    public bool LeavesNoCopy => Mailbox.Length > 0 && !KeepsCopy;

    public static async Task<ForwardedHeaders> ReadAsync(Stream raw, CancellationToken cancel)
    {
        try
        {
            var headers = await HeaderList.LoadAsync(raw, cancel);
            return new(
                (headers["X-MS-Exchange-ForwardingLoop"] ?? "").Split(';')[0].Trim(),
                (headers["X-MS-Exchange-Transport-Forked"] ?? "").Trim().Equals("True", StringComparison.OrdinalIgnoreCase));
        }
        catch (FormatException)
        {
            return None;
        }
    }
}
