namespace Passerelle.Lab.Exchange;

/// <summary>What the lab saw of a mail when it first received it: the words of its Authentication-Results, and later of the
/// ARC set when the mail is forwarded (facts/microsoft365.md §6.3).</summary>
/// <param name="Spf">pass, fail, none (RFC 7208 §2.6).</param>
/// <param name="MailFrom">Domain of the reverse-path; of HELO when that is null.</param>
/// <param name="Dkim">pass, fail, none (RFC 8601 §2.7.1).</param>
/// <param name="DkimDomain">d= of the signature that counted; null without one.</param>
/// <param name="Dmarc">pass, fail, none.</param>
/// <param name="HeaderFrom">Domain of the From field.</param>
internal sealed record Arrival(
    string ClientIp, string Helo, string Spf, string MailFrom, string Dkim, string? DkimDomain, string Dmarc, string HeaderFrom)
{
    /// <summary>none unless the mail brought ARC sets of its own.</summary>
    public string Arc { get; init; } = "none";

    public bool IsGenuine => Dmarc == "pass";

    /// <summary>The header that the mailbox sees.</summary>
    public string AuthenticationResults =>
        $"spf={Spf} (sender IP is {ClientIp}) smtp.mailfrom={MailFrom}; {DkimResult};dmarc={Dmarc} action={Action}"
        + $" header.from={HeaderFrom};compauth={(IsGenuine ? "pass reason=100" : "fail reason=000")}";

    public string ReceivedSpf => Spf switch
    {
        "pass" => $"Pass (protection.outlook.com: domain of {MailFrom} designates {ClientIp} as permitted sender)"
            + $" receiver=protection.outlook.com; client-ip={ClientIp}; helo={Helo}; pr=C",
        "fail" => $"Fail (protection.outlook.com: domain of {MailFrom} does not designate {ClientIp} as permitted sender)"
            + $" receiver=protection.outlook.com; client-ip={ClientIp}; helo={Helo};",
        "temperror" => $"TempError (protection.outlook.com: error in processing during lookup of {MailFrom}: DNS Timeout)",
        _ => $"None (protection.outlook.com: {MailFrom} does not designate permitted sender hosts)",
    };

    /// <summary>The text of ARC-Authentication-Results behind <c>i=N; </c>.</summary>
    /// <param name="recipientDomain">Domain of the mailbox that forwards.</param>
    public string ArcAuthenticationResults(string recipientDomain) =>
        $"mx.microsoft.com 1; spf={Spf} (sender ip is {ClientIp}) smtp.rcpttodomain={recipientDomain} smtp.mailfrom={MailFrom};"
        + $" dmarc={Dmarc} (p=reject sp=reject pct=100) action={Action} header.from={HeaderFrom}; {DkimResult}; arc={Arc} (0)";

    private string Action => Dmarc == "fail" ? "oreject" : "none";

    private string DkimResult => Dkim switch
    {
        "pass" => $"dkim=pass (signature was verified) header.d={DkimDomain}",
        "fail" => $"dkim=fail (signature did not verify) header.d={DkimDomain}",
        _ => "dkim=none (message not signed)",
    };
}
