namespace Passerelle.Mail.Feedback;

/// <summary>What a machine reports to the owner of a domain. No person wrote it, and none waits for an answer.</summary>
public abstract record FeedbackReport
{
    private FeedbackReport() { }

    /// <summary>A complaint or an authentication failure (RFC 5965, RFC 6591).</summary>
    /// <param name="Type">Feedback-Type, lower case: abuse, auth-failure, fraud, not-spam, virus, other.</param>
    /// <param name="Fields">As written, unfolded, in order; names as written.</param>
    /// <param name="Recipients">Who complained or whose copy it was: Original-Rcpt-To, else Removal-Recipient, else the enclosed To.</param>
    public sealed record Abuse(string Type, IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<string> Recipients) : FeedbackReport
    {
        /// <returns>Null when the report has no such field.</returns>
        public string? this[string name] =>
            Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault();
    }

    /// <summary>A DMARC aggregate report (RFC 7489 §7.2, RFC 9990).</summary>
    public sealed record DmarcAggregate(
        string Organisation, string ReportId, DateTimeOffset? Begin, DateTimeOffset? End, string Domain, string Policy, IReadOnlyList<DmarcRow> Rows) : FeedbackReport;

    /// <summary>An SMTP TLS report (RFC 8460).</summary>
    public sealed record Tls(
        string Organisation, string ReportId, DateTimeOffset? Begin, DateTimeOffset? End, IReadOnlyList<TlsPolicy> Policies) : FeedbackReport;
}

/// <param name="Dkim">Evaluated with alignment: pass or fail. Likewise <paramref name="Spf"/>.</param>
public sealed record DmarcRow(string SourceIp, long Count, string Disposition, string Dkim, string Spf, string HeaderFrom);

public sealed record TlsPolicy(string Type, string Domain, long Successful, long Failed);
