using Passerelle.Lab.State;
using Passerelle.Smtp;

namespace Passerelle.Lab.Exchange;

/// <summary>The refusals of the edge to somebody on its lists (facts/microsoft365.md §5.5, §5.6).</summary>
internal static class EdgeReplies
{
    /// <param name="status">Enhanced status, such as <c>5.7.511</c>; its first digit decides between 451 and 550.</param>
    public static SmtpReply Of(string status, string ip, string sender, string recipient)
    {
        var temporary = status.StartsWith('4');
        var text = status switch
        {
            "4.7.500" => $"Server busy. Please try again later from [{ip}]. (S77719)",
            "5.7.64" => "TenantAttribution; Relay Access Denied",
            "5.7.501" => "Access denied, spam abuse detected",
            "5.7.502" or "5.7.503" => "Access denied, banned sender",
            "5.7.504" => $"[{recipient}]: Recipient address rejected: Access denied",
            "5.7.505" => "Access denied, banned recipient",
            "5.7.506" => "Access Denied, Bad HELO",
            "5.7.507" => "Access denied, rejected by recipient",
            "5.7.508" => $"Access denied, [{ip}] has exceeded permitted limits within IPv4 range",
            "5.7.511" => $"Access denied, banned sender [{ip}]",
            "5.7.513" => $"Service unavailable, Client host [{ip}] blocked by {MailAddress.DomainOf(recipient)} using Customer Block list (AS16012607)",
            "5.7.703" or "5.7.705" => "Access denied, tenant has exceeded threshold",
            "5.7.708" => "Access denied, traffic not accepted from this IP",
            "5.7.711" => "Access denied, bad inbound connector. AS(2204)",
            "5.7.750" => $"Service unavailable. Client blocked from sending from unregistered domains [{MailAddress.DomainOf(sender)}]",
            _ => temporary ? "Access denied, please try again later" : $"Access denied, banned sending IP [{ip}]",
        };
        return new SmtpReply(temporary ? 451 : 550, status[2..], text);
    }

    /// <summary>The first entry that names this sender, his domain, or the address that he connects from.</summary>
    public static EdgeBlock? BlockOf(MailFlow flow, string ip, string sender) => flow.EdgeBlocks.FirstOrDefault(block =>
        block.Who == ip || block.Who.Equals(sender, StringComparison.OrdinalIgnoreCase)
        || block.Who.Equals(MailAddress.DomainOf(sender), StringComparison.OrdinalIgnoreCase));
}
