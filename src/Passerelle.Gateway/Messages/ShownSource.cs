using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Messages;

/// <summary>The source of a message as people and programs get it: as it came, our trace header on top, our
/// Authentication-Results above that, and nobody else's under our name (RFC 8601 §5). What is stored stays as it came.</summary>
internal sealed class ShownSource(StoredMessages messages, ServerName name)
{
    /// <returns>Writes it; null when this organisation has no such message.</returns>
    public async Task<Func<Stream, Task>?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        if (await messages.FindAsync(organisationId, id, cancel) is not { } message) return null;
        if (await messages.OpenSourceAsync(organisationId, id, cancel) is not { } raw) return null;
        return async output =>
        {
            await using (raw) await OwnResults.WriteAsync(raw, name.Value, message.AuthenticationResults, output, cancel);
        };
    }
}
