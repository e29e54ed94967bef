using System.Collections.Concurrent;

namespace Passerelle.Mail.Verdicts.Dkim;

public enum DkimResult
{
    None,
    Pass,
    Fail,
    Policy,
    Neutral,
    TempError,
    PermError,
}

/// <summary>One signature, judged.</summary>
/// <param name="Domain">d=, lower case; "" where the field cannot be read.</param>
/// <param name="Algorithm">a=, "rsa-sha256".</param>
/// <param name="Why">Of anything but a pass.</param>
/// <param name="Partial">It leaves a part of the body unsigned (l=).</param>
public sealed record DkimOutcome(DkimResult Result, string Domain, string Selector, string Algorithm, string Why = "", bool Partial = false);

/// <summary>DKIM (RFC 6376, 8301, 8463) over the bytes as they stand. Thread-safe; keeps parsed keys.</summary>
public sealed class DkimCheck(IDns dns, TimeProvider time)
{
    private const int MostSignatures = 10;
    private const int MostKeys = 2_000;
    private readonly ConcurrentDictionary<string, DkimKey> _keys = new(StringComparer.Ordinal);

    /// <param name="raw">Seekable.</param>
    /// <returns>One for each DKIM-Signature, top first.</returns>
    public async Task<IReadOnlyList<DkimOutcome>> CheckAsync(Stream raw, ReadingBounds bounds, CancellationToken cancel)
    {
        HeaderSection header = HeaderSection.Read(raw, bounds.MaxHeaderBytes);
        var outcomes = new List<DkimOutcome>();
        foreach (HeaderField field in header.Named("DKIM-Signature"))
            outcomes.Add(outcomes.Count < MostSignatures ? await JudgeAsync(field, header, raw, cancel) : TooMany);
        return outcomes;
    }

    private static DkimOutcome TooMany { get; } = new(DkimResult.Policy, "", "", "", $"more than {MostSignatures} signatures: the rest is not looked at");

    private async Task<DkimOutcome> JudgeAsync(HeaderField field, HeaderSection header, Stream raw, CancellationToken cancel)
    {
        if (DkimSignature.Read(field, out string fault) is not { } signature) return Unread(field, fault);
        var unjudged = new DkimOutcome(DkimResult.Neutral, signature.Domain, signature.Selector, signature.Algorithm);
        if (!signature.Headers.Any(name => DomainNames.Same(name, "from"))) return unjudged with { Result = DkimResult.PermError, Why = "it does not sign the author" };
        if (signature.ExpiresAt < time.GetUtcNow()) return unjudged with { Result = DkimResult.Fail, Why = $"it ended on {signature.ExpiresAt:yyyy-MM-dd}" };
        if (signature.Hash.Name is "SHA1") return unjudged with { Result = DkimResult.Policy, Why = "SHA-1 proves nothing any more (RFC 8301)" };

        IReadOnlyList<string> records;
        try
        {
            records = await dns.TxtAsync($"{signature.Selector}._domainkey.{signature.Domain}", cancel);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return unjudged with { Result = DkimResult.TempError, Why = $"the key {signature.Selector}._domainkey.{signature.Domain} could not be asked for" };
        }
        if (records.Count == 0) return unjudged with { Result = DkimResult.PermError, Why = "there is no such key" };
        try
        {
            return Verify(signature, KeyOf(records[0]), header, raw, unjudged);
        }
        catch (FormatException unusable)
        {
            return unjudged with { Result = DkimResult.PermError, Why = unusable.Message };
        }
    }

    private static DkimOutcome Verify(DkimSignature signature, DkimKey key, HeaderSection header, Stream raw, DkimOutcome unjudged)
    {
        string hash = signature.Hash.Name!.ToLowerInvariant(); // the two algorithms that are read have names
        if (key.Type != signature.KeyType || (key.Hashes.Count > 0 && !key.Hashes.Contains(hash)) || !key.ForMail)
            return unjudged with { Result = DkimResult.PermError, Why = "the key is not for such a signature" };
        if (key.Strict && signature.Identity != signature.Domain) return unjudged with { Result = DkimResult.PermError, Why = "the key is for its domain alone" };
        if (key.IsWeak) return unjudged with { Result = DkimResult.Policy, Why = "the key is too short (RFC 8301)" };

        (byte[] body, long length) = BodyHash.Of(raw, header, signature.Hash, signature.RelaxedBody, signature.BodyLength);
        if (signature.BodyLength > length || !body.AsSpan().SequenceEqual(signature.BodyHash)) return unjudged with { Result = DkimResult.Fail, Why = "the body was changed" };
        byte[] signed = Canonical.Signed(header.Fields, signature.Headers, signature.Field, signature.RelaxedHeader);
        return key.Verifies(signed, signature.Signature, hash)
            ? unjudged with { Result = DkimResult.Pass, Partial = signature.BodyLength < length }
            : unjudged with { Result = DkimResult.Fail, Why = "a header was changed, or it was made with another key" };
    }

    /// <summary>Keyed by the record's text, an entry can never be stale. Parsing checks the modulus: many times the price of a verification.</summary>
    private DkimKey KeyOf(string record)
    {
        if (_keys.TryGetValue(record, out DkimKey? known)) return known;
        DkimKey key = DkimKey.Parse(record);
        if (_keys.Count >= MostKeys) _keys.Clear();
        return _keys[record] = key;
    }

    private static DkimOutcome Unread(HeaderField field, string why)
    {
        TagList? tags = TagList.Parse(field.Value);
        return new(DkimResult.Neutral, DomainNames.Fold(tags?.Folded("d") ?? ""), tags?.Folded("s") ?? "", tags?["a"] ?? "", why);
    }
}

public static class DkimWords
{
    /// <summary>The words of RFC 8601 §2.7.1.</summary>
    public static string Word(this DkimResult result) => result.ToString().ToLowerInvariant();

    /// <summary>One word for all signatures of a mail: the best of them.</summary>
    public static DkimResult Best(this IReadOnlyList<DkimOutcome> outcomes)
    {
        ReadOnlySpan<DkimResult> order = [DkimResult.Pass, DkimResult.TempError, DkimResult.Fail, DkimResult.Policy, DkimResult.PermError, DkimResult.Neutral];
        foreach (DkimResult result in order)
            if (outcomes.Any(outcome => outcome.Result == result)) return result;
        return DkimResult.None;
    }
}
