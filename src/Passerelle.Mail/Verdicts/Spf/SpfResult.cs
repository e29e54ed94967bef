namespace Passerelle.Mail.Verdicts.Spf;

/// <summary>RFC 7208 §2.6.</summary>
public enum SpfResult
{
    None,
    Neutral,
    Pass,
    Fail,
    SoftFail,
    TempError,
    PermError,
}

/// <summary>What the domain of an envelope sender says of the client that used it.</summary>
/// <param name="Domain">The domain that was asked, ASCII, lower case; "" when there was none to ask.</param>
/// <param name="OfHelo">The envelope sender was null, so the client's own name was asked (RFC 7208 §2.4).</param>
/// <param name="Explanation">The domain's own words for a fail (§6.2), a stranger's text; null when it has none.</param>
public sealed record SpfOutcome(SpfResult Result, string Domain, bool OfHelo, string? Explanation = null);

public static class SpfWords
{
    /// <summary>The words of RFC 8601 §2.7.2.</summary>
    public static string Word(this SpfResult result) => result.ToString().ToLowerInvariant();
}
