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
    public Transit Make(Transit mail, byte[] delivered, LabDirectory directory, LabUser user, bool keptCopy)
    {
        var now = mail.Lab.Time.GetUtcNow();
        var domain = MailAddress.DomainOf(user.Address);
        var stamped = Headers(mail, directory, user, keptCopy, now).On(delivered);
        return mail with
        {
            ReversePath = srs.Rewrite(mail.ReversePath, user.Address, now),
            Raw = SignedHeaders.On(stamped, parsed =>
            {
                signing.SignDkim(parsed, domain);
                signing.SealArc(parsed, mail.Arrival, domain);
            }),
        };
    }

    private static Stamp Headers(Transit mail, LabDirectory directory, LabUser user, bool keptCopy, DateTimeOffset now)
    {
        var tenant = directory.Id.ToString();
        return new Stamp()
            .Received($"{ExchangeReplies.BackEnd} (2603:10c6:0:1::1)", $"{ExchangeReplies.BackEnd} (2603:10c6:0:2::2)",
                "Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)", now)
            .Add("Resent-From", $"<{user.Address}>")
            .Add(LoopHeader, $"{user.Address};{tenant}")
            .Add("X-LD-Processed", $"{tenant},ExtFwd")
            .AddWhen(keptCopy, "X-MS-Exchange-Transport-Forked", "True")
            .Add("X-MS-PublicTrafficType", "Email")
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
            .Add("X-MS-Exchange-CrossTenant-Id", tenant)
            .Add("X-MS-Exchange-CrossTenant-AuthAs", Hosted(mail) ? "Internal" : "Anonymous")
            .Add("X-MS-Exchange-CrossTenant-FromEntityHeader", Hosted(mail) ? "Hosted" : "Internet")
            .Add("X-MS-Exchange-Transport-CrossTenantHeadersStamped", ExchangeReplies.BackEnd)
            .Add("X-OriginatorOrg", directory.Domains[0]);
    }

    private static bool Hosted(Transit mail) =>
        mail.Arrival.IsGenuine && mail.Lab.State.DirectoryOfDomain(mail.Arrival.HeaderFrom) is not null;
}
