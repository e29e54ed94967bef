using MimeKit;
using MimeKit.Cryptography;

namespace Passerelle.Mail.Verdicts;

/// <summary>The ARC chain of a mail (RFC 8617): does it hold, and what did the first server that we trust see?</summary>
internal sealed class ArcJudge(IDns dns, HashSet<string> trusted)
{
    private static readonly ArcFinding NoChain = new(ArcChain.None, null, null);
    private readonly KeyCache _keys = new();

    /// <returns>With the name that nobody could answer for; null when DNS behaved.</returns>
    public async Task<(ArcFinding Finding, string? Trouble)> JudgeAsync(MimeMessage message, CancellationToken cancel)
    {
        if (!ArcSet.ClaimedBy(message)) return (NoChain, null);
        List<ArcSet> sets = ArcSet.In(message);

        var locator = new KeyLocator(dns, _keys);
        // Once a sealer has declared a chain dead, nobody looks at it again (RFC 8617 §5.2 step 2; "none" in the authors' suite).
        ArcChain chain = sets is [.., { DeclaredDead: true }] ? ArcChain.None : await ChainAsync(message, locator, cancel);
        TrustedResults? seen = chain is ArcChain.Pass ? ArcSet.FirstTrusted(sets, trusted)?.Results() : null;
        return (new ArcFinding(chain, sets is [.., var newest] ? newest.Sealer : null, seen), locator.Trouble);
    }

    private static async Task<ArcChain> ChainAsync(MimeMessage message, KeyLocator locator, CancellationToken cancel)
    {
        try
        {
            ArcValidationResult result = await new ArcVerifier(locator).VerifyAsync(message, cancel);
            if (locator.Trouble is not null) return ArcChain.TempError;
            return result.Chain is ArcSignatureValidationResult.Pass ? ArcChain.Pass : ArcChain.Fail;
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
        {
            return locator.Trouble is not null ? ArcChain.TempError : ArcChain.Fail; // headers that no rule foresaw prove nothing
        }
    }
}
