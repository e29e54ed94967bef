using System.Net;
using Passerelle.Gateway.Messages;

namespace Passerelle.Gateway.Reading.Scanning;

/// <summary>Asks the scanners that the operator has configured, one after the other: spam is not asked of what is infected.</summary>
internal sealed class Scanners(ClamAv clamAv, Rspamd rspamd)
{
    public bool Any => clamAv.IsConfigured || rspamd.IsConfigured;

    /// <summary>Throws nothing but cancellation, and what reading the mail throws.</summary>
    /// <param name="isLast">The mail waits no longer: each is asked, whatever another says.</param>
    public async Task<Scan> AskAsync(Receipt receipt, Stream raw, bool isLast, CancellationToken cancel)
    {
        raw.Position = 0;
        var malware = clamAv.IsConfigured ? await clamAv.AskAsync(raw, cancel) : null;
        if (!rspamd.IsConfigured || malware is MalwareFinding.Infected || (malware is MalwareFinding.Later && !isLast)) return new Scan(malware, null);
        raw.Position = 0;
        var client = IPAddress.TryParse(receipt.RemoteAddress, out var address) && !IPAddress.IsLoopback(address) ? address : null;
        var mail = new ScannedMail(raw, receipt.Id, receipt.EnvelopeFrom, receipt.EnvelopeTo, client, client is null ? "" : receipt.Helo);
        return new Scan(malware, await rspamd.AskAsync(mail, cancel));
    }
}
