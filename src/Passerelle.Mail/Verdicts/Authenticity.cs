using MimeKit;
using MimeKit.Cryptography;

namespace Passerelle.Mail.Verdicts;

/// <summary>Judges forwarded mail. SPF of the last hop says nothing there (the forwarder sends), so the word of the server
/// that received the mail first counts, if its seal holds (RFC 8617, facts/microsoft365.md §6.3). Thread-safe; one per process,
/// because it keeps parsed keys.</summary>
/// <param name="trustedSealers">d= of sealers whose results we believe: "microsoft.com". Subdomains are not included.</param>
public sealed class Authenticity(IDnsTxt dns, IEnumerable<string> trustedSealers)
{
    private static readonly ArcFinding NoChain = new(ArcChain.None, null, null);
    private readonly KeyCache _keys = new();
    private readonly HashSet<string> _trusted = new(trustedSealers, StringComparer.OrdinalIgnoreCase);

    public async Task<Verdict> JudgeAsync(ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        using Stream stream = RawMail.Open(raw);
        return await JudgeAsync(stream, new ReadingBounds(), cancel);
    }

    /// <param name="raw">Seekable; its own I/O errors pass through.</param>
    /// <returns>Unproven for a mail past the bounds; never throws for what a mail or the DNS contains.</returns>
    public async Task<Verdict> JudgeAsync(Stream raw, ReadingBounds bounds, CancellationToken cancel)
    {
        try
        {
            if (BoundsScan.FirstBroken(raw, bounds) is { } bound) return Unproven(NoChain, bound);
            using MimeMessage message = RawMail.Parse(raw, bounds);
            return await JudgeAsync(message, cancel);
        }
        catch (Exception failure) when (failure is not (IOException or ObjectDisposedException or OutOfMemoryException or OperationCanceledException))
        {
            return Unproven(NoChain, $"The mail cannot be read ({failure.GetType().Name})");
        }
    }

    private async Task<Verdict> JudgeAsync(MimeMessage message, CancellationToken cancel)
    {
        if (!ArcSet.ClaimedBy(message)) return Sum(message, NoChain, null);
        List<ArcSet> sets = ArcSet.In(message);

        var locator = new KeyLocator(dns, _keys);
        // Once a sealer has declared a chain dead, nobody looks at it again (RFC 8617 §5.2 step 2; "none" in the authors' suite).
        ArcChain chain = sets is [.., { DeclaredDead: true }] ? ArcChain.None : await ChainAsync(message, locator, cancel);
        TrustedResults? seen = chain is ArcChain.Pass ? ArcSet.FirstTrusted(sets, _trusted)?.Results() : null;
        return Sum(message, new ArcFinding(chain, sets is [.., var newest] ? newest.Sealer : null, seen), locator.Trouble);
    }

    private static async Task<ArcChain> ChainAsync(MimeMessage message, KeyLocator locator, CancellationToken cancel)
    {
        try
        {
            ArcValidationResult result = await new ArcVerifier(locator).VerifyAsync(message, cancel);
            if (locator.Trouble is not null) return ArcChain.TempError;
            return result.Chain switch
            {
                ArcSignatureValidationResult.Pass => ArcChain.Pass,
                _ => ArcChain.Fail,
            };
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
        {
            return locator.Trouble is not null ? ArcChain.TempError : ArcChain.Fail; // headers that no rule foresaw prove nothing
        }
    }

    private static Verdict Sum(MimeMessage message, ArcFinding arc, string? trouble)
    {
        string? author = Headers.AllOf(message, HeaderId.From) is [var only] ? only.Domain : null;
        int fromHeaders = message.Headers.Count(header => header.Id is HeaderId.From);
        return arc switch
        {
            _ when fromHeaders > 1 => Suspicious(arc, "The mail has several From headers: a reader may be shown another author than was checked"),
            { Chain: ArcChain.None } => Unproven(arc, "No server vouches for this mail (no ARC set)"),
            { Chain: ArcChain.TempError } => Unproven(arc, $"temperror: the key {trouble} could not be asked for") with { TryAgain = true },
            { Chain: ArcChain.Fail } => Unproven(arc, "The ARC chain is broken: something changed on the way"),
            { Seen: null } => Unproven(arc, $"The ARC chain holds, but {arc.Sealer} is not a sealer that we trust"),
            { Seen.Dmarc: "fail" } => Suspicious(arc, $"{arc.Seen.Sealer} saw dmarc=fail for {arc.Seen.HeaderFrom}"),
            { Seen.Dmarc: not "pass" } => Unproven(arc, $"{arc.Seen.Sealer} saw dmarc={arc.Seen.Dmarc ?? "(nothing)"}"),
            _ when author is null => Unproven(arc, "The mail does not have exactly one author"),
            { Seen.HeaderFrom: var domain } when domain is null || domain != author =>
                Suspicious(arc, $"{arc.Seen.Sealer} checked {domain ?? "(nothing)"}, but the author is at {author}"),
            _ => new Verdict { Summary = VerdictSummary.Genuine, Reasons = [$"{arc.Seen.Sealer} saw dmarc=pass for {author}"], Arc = arc },
        };
    }

    private static Verdict Unproven(ArcFinding arc, string reason) => new() { Summary = VerdictSummary.Unproven, Reasons = [reason], Arc = arc };

    private static Verdict Suspicious(ArcFinding arc, string reason) => new() { Summary = VerdictSummary.Suspicious, Reasons = [reason], Arc = arc };
}
