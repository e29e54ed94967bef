using System.Globalization;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Mailbox forwarding as it looks on the wire (facts/microsoft365.md §6.3): SRS reverse-path, the service's headers,
/// a DKIM signature of the forwarding domain and an ARC set that carries the verdict of the first receipt.</summary>
internal sealed class Forward(Srs srs, MailSigning signing)
{
    public const string LoopHeader = "X-MS-Exchange-ForwardingLoop";

    /// <summary>The mail has been through this mailbox's forwarding before.</summary>
    public static bool IsLoop(byte[] raw, LabUser user) =>
        MessageIds.Headers(raw).Any(header =>
            header.Field.Equals(LoopHeader, StringComparison.OrdinalIgnoreCase)
            && header.Value.Trim().StartsWith(user.Address + ";", StringComparison.OrdinalIgnoreCase));

    /// <param name="delivered">The mail with the headers of its delivery to the mailbox.</param>
    /// <param name="by">The mailbox's forwarding, or a rule of its owner.</param>
    public Transit Make(Transit mail, byte[] delivered, LabDirectory directory, LabUser user, string target, ForwardedBy by)
    {
        var now = mail.Lab.Time.GetUtcNow();
        var domain = MailAddress.DomainOf(user.Address);
        var stamped = Headers(mail, directory, user, by, now).On(delivered);
        return mail with
        {
            ReversePath = ReversePath(mail, directory, user, target, now),
            Origin = directory.Id,
            RuledBy = [],
            AutoForwarded = true,
            Scl = null,
            Raw = SignedHeaders.On(stamped, parsed =>
            {
                signing.SignDkim(parsed, directory, domain, now);
                signing.SealArc(parsed, mail.Arrival, domain);
            }),
            Arrival = mail.Arrival with { Arc = mail.Arrival.Arc == "fail" ? "fail" : "pass" }, // the set that was just added
        };
    }

    /// <summary>SRS, with the exceptions of §6.3.</summary>
    private string ReversePath(Transit mail, LabDirectory directory, LabUser user, string target, DateTimeOffset now)
    {
        var flow = directory.MailFlowAt(now);
        var to = MailAddress.DomainOf(target);
        var asItWas = directory.Owns(to) || flow.OnPremisesDomains.Contains(to, StringComparer.OrdinalIgnoreCase)
            || (flow.RelayPool && !mail.Arrival.IsGenuine);
        return asItWas ? mail.ReversePath : srs.Rewrite(mail.ReversePath, user.Address, now, directory.Domains[0], flow.SrsForm);
    }

    private static Stamp Headers(Transit mail, LabDirectory directory, LabUser user, ForwardedBy by, DateTimeOffset now)
    {
        var tenant = directory.Id.ToString();
        var network = mail.Lab.NewId().ToString();
        return new Stamp()
            .Received($"{ExchangeReplies.BackEnd} (2603:10c6:0:1::1)", $"{ExchangeReplies.BackEnd} (2603:10c6:0:2::2)",
                "Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)", now)
            .Add("Resent-From", $"<{user.Address}>")
            .AddWhen(by is not ForwardedBy.Rule, LoopHeader, $"{user.Address};{tenant}")
            .AddWhen(by is ForwardedBy.Rule, InboxRules.LoopHeader, user.Address)
            .Add("X-LD-Processed", $"{tenant},ExtFwd")
            .AddWhen(by is ForwardedBy.MailboxThatKeepsACopy, "X-MS-Exchange-Transport-Forked", "True")
            .Add("X-MS-PublicTrafficType", "Email")
            .Add("X-MS-TrafficTypeDiagnostic", "LAB01EUR05FT012:EE_|LAB01PR06MB3510:EE_")
            .Add("X-MS-Office365-Filtering-Correlation-Id", network)
            .Add("X-EOPAttributedMessage", "0")
            .Add("X-EOPTenantAttributedMessage", $"{tenant}:0")
            .Add("X-MS-Exchange-SenderADCheck", "0")
            .Add("X-MS-Exchange-AntiSpam-Relay", "0")
            .Add("X-Microsoft-Antispam", "BCL:0;")
            .Add("X-Forefront-Antispam-Report",
                "CIP:255.255.255.255;CTRY:;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;CAT:NONE;DIR:OUT;SFP:1102;")
            .Add("X-ExternalRecipientOutboundConnectors", tenant)
            .Add("X-MS-Exchange-CrossTenant-OriginalArrivalTime",
                now.UtcDateTime.ToString("dd MMM yyyy HH:mm:ss.ffff '(UTC)'", CultureInfo.InvariantCulture))
            .Add("X-MS-Exchange-CrossTenant-Network-Message-Id", network)
            .Add("X-MS-Exchange-CrossTenant-Id", tenant)
            .Add("X-MS-Exchange-CrossTenant-AuthSource", Hosted(mail) ? ExchangeReplies.BackEnd : ExchangeReplies.Edge)
            .Add("X-MS-Exchange-CrossTenant-AuthAs", Hosted(mail) ? "Internal" : "Anonymous")
            .Add("X-MS-Exchange-CrossTenant-FromEntityHeader", Hosted(mail) ? "Hosted" : "Internet")
            .Add("X-MS-Exchange-Transport-CrossTenantHeadersStamped", ExchangeReplies.BackEnd)
            .Add("X-OriginatorOrg", directory.Domains[0]);
    }

    private static bool Hosted(Transit mail) =>
        mail.Arrival.IsGenuine && mail.Lab.State.DirectoryOfDomain(mail.Arrival.HeaderFrom) is not null;
}

/// <summary>What forwarded a mail; each leaves marks of its own.</summary>
internal enum ForwardedBy
{
    Mailbox,
    MailboxThatKeepsACopy,
    Rule,
}
