using System.Net;

namespace Passerelle.Mail.Verdicts.Spf;

/// <summary>SPF (RFC 7208): may this client use this envelope sender?</summary>
/// <param name="receiver">What we call ourselves, for a domain that explains its refusal.</param>
public sealed class SpfCheck(IDns dns, TimeProvider time, string receiver = "unknown")
{
    /// <summary>For one check, all its questions together (RFC 7208 §4.6.4: at least 20 seconds).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="mailFrom">Bare; "" is the null sender, whose place the client's name takes (§2.4).</param>
    /// <returns>Never throws for what the DNS contains; trouble is temperror.</returns>
    public async Task<SpfOutcome> CheckAsync(IPAddress client, string helo, string mailFrom, CancellationToken cancel)
    {
        IPAddress ip = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        bool ofHelo = mailFrom.Length == 0;
        int at = mailFrom.LastIndexOf('@');
        string local = at > 0 ? mailFrom[..at] : "postmaster"; // §4.3
        string given = (ofHelo ? helo : mailFrom[(at + 1)..]).TrimEnd('.');
        string domain = System.Text.Ascii.IsValid(given) ? given : DomainNames.Fold(given);

        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var values = new SpfMacroValues(ip, $"{local}@{domain}", domain, helo) { Receiver = receiver, Now = time.GetUtcNow() };
        var evaluation = new SpfEvaluation(dns, values, both.Token);
        try
        {
            SpfResult result = await evaluation.RunAsync();
            return new SpfOutcome(result, domain.ToLowerInvariant(), ofHelo, evaluation.Explanation);
        }
        catch (Exception) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new SpfOutcome(SpfResult.TempError, domain.ToLowerInvariant(), ofHelo);
        }
    }
}
