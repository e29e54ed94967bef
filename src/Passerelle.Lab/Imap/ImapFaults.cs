using Passerelle.Lab.Faults;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Imap;

/// <summary>Asked before a sign-in is judged: the fault book may answer instead.</summary>
internal static class ImapFaults
{
    /// <returns>What is said instead: NO, BAD or BYE with its words. Null when nothing goes wrong.</returns>
    public static async Task<string?> PlayAsync(FaultBook book, Twin? lab, string mailbox, string? client, CancellationToken cancel)
    {
        if (lab is null || FaultBook.Take(lab, FaultPlace.ImapAuth, new FaultSubject(client, mailbox)) is not { } fault) return null;
        await book.WaitAsync(fault, cancel);
        return fault.Silent ? "BYE Connection closed. 14"
            : fault.Reply ?? (fault.Code is { } code ? FaultCatalogue.Find(code, fault.Where)?.Answer : null);
    }
}
