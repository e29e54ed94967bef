using MimeKit;
using Passerelle.Mail.Verdicts.Dkim;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Mail.Verdicts;

/// <summary>Judges forwarded mail: the last hop by SPF, DKIM and DMARC of what reached us, the way before it by the word of the
/// server that received the mail first, if its seal holds (RFC 8617, facts/microsoft365.md §6.3). <see cref="Summing"/> says
/// what follows. Thread-safe; one per process, because it keeps parsed keys.</summary>
/// <param name="trustedSealers">d= of sealers whose results we believe: "microsoft.com". Subdomains are not included.</param>
/// <param name="receiver">What we call ourselves.</param>
public sealed class Authenticity(IDns dns, IEnumerable<string> trustedSealers, TimeProvider time, string receiver = "unknown")
{
    private readonly SpfCheck _spf = new(dns, time, receiver);
    private readonly DkimCheck _dkim = new(dns, time);
    private readonly DmarcCheck _dmarc = new(dns);
    private readonly ArcJudge _arc = new(dns, new HashSet<string>(trustedSealers, StringComparer.OrdinalIgnoreCase));

    /// <summary>For one mail, whatever its domains answer or do not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Who is trusted where nobody says otherwise: the providers whose mailboxes forward here.</summary>
    public static IReadOnlyList<string> UsualSealers { get; } = ["microsoft.com", "outlook.com", "google.com"];

    public async Task<Verdict> JudgeAsync(ReadOnlyMemory<byte> raw, LastHop? hop, CancellationToken cancel)
    {
        using Stream stream = RawMail.Open(raw);
        return await JudgeAsync(stream, hop, new ReadingBounds(), cancel);
    }

    /// <param name="raw">Seekable; its own I/O errors pass through.</param>
    /// <param name="hop">Null where it is not known, as for a file.</param>
    /// <returns>Unproven for a mail past the bounds; never throws for what a mail or the DNS contains.</returns>
    public async Task<Verdict> JudgeAsync(Stream raw, LastHop? hop, ReadingBounds bounds, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using MimeMessage message = RawMail.Parse(raw, bounds);
            return await JudgeAsync(message, raw, hop, bounds, both.Token);
        }
        catch (BoundBrokenException broken)
        {
            return Summing.Unreadable(broken.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Summing.Unreadable("temperror: the DNS took too long") with { TryAgain = true };
        }
        catch (Exception failure) when (failure is not (IOException or ObjectDisposedException or OutOfMemoryException or OperationCanceledException))
        {
            return Summing.Unreadable($"The mail cannot be read ({failure.GetType().Name})");
        }
    }

    private async Task<Verdict> JudgeAsync(MimeMessage message, Stream raw, LastHop? hop, ReadingBounds bounds, CancellationToken cancel)
    {
        (ArcFinding arc, string? trouble) = await _arc.JudgeAsync(message, cancel);
        SpfOutcome? spf = hop is null ? null : await _spf.CheckAsync(hop.Client, hop.Helo, hop.MailFrom, cancel);
        IReadOnlyList<DkimOutcome> dkim = await _dkim.CheckAsync(raw, bounds, cancel);
        string? author = AuthorOf(message);
        var evidence = new Evidence(author, message.Headers.Count(header => header.Id is HeaderId.From), hop, spf, dkim, arc)
        {
            Dmarc = author is null ? null : await DmarcAsync(author, spf, dkim, cancel),
            KeyTrouble = trouble,
        };
        return Summing.Of(evidence);
    }

    /// <returns>Null when it hangs on a last hop that is not known.</returns>
    private async Task<DmarcOutcome?> DmarcAsync(string author, SpfOutcome? spf, IReadOnlyList<DkimOutcome> dkim, CancellationToken cancel)
    {
        string[] signers = [.. dkim.Where(signature => signature.Result is DkimResult.Pass).OrderBy(signature => signature.Partial).Select(signature => signature.Domain)];
        DmarcOutcome outcome = await _dmarc.CheckAsync(author, signers, spf is { Result: SpfResult.Pass } ? [spf.Domain] : [], cancel);
        if (outcome.Result is not DmarcResult.Fail) return outcome;
        if (spf is null) return null;
        // What failed for now only may yet pass, where it could speak for the author at all.
        bool forNow = (spf.Result is SpfResult.TempError && DmarcCheck.IsAligned(spf.Domain, author, strict: false))
            || dkim.Any(signature => signature.Result is DkimResult.TempError && DmarcCheck.IsAligned(signature.Domain, author, strict: false));
        return forNow ? outcome with { Result = DmarcResult.TempError } : outcome;
    }

    /// <summary>The domain that every author is at (RFC 7489 §6.6.1); null when there is none, or several.</summary>
    private static string? AuthorOf(MimeMessage message) =>
        Headers.AllOf(message, HeaderId.From).Select(party => party.Domain).Distinct().ToList() is [{ Length: > 0 } only] ? only : null;
}
