using System.Net;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Delivery;
using Passerelle.Mail.Verdicts;
using Passerelle.Mail.Verdicts.Dmarc;
using Passerelle.Mail.Verdicts.Spf;

namespace Passerelle.Gateway.Reading;

/// <summary>Who delivered a mail to us.</summary>
/// <param name="Name">A provider's id, or the organisational domain of a confirmed name, or the address.</param>
/// <param name="Provider">Id of a <see cref="DelivererData"/>; null: none that we know.</param>
/// <param name="Words">For people: "Exchange Online (mail-1.outbound.protection.outlook.com, 192.0.2.1)".</param>
/// <param name="IsWelcome">By the rule of the app; true for an app without one.</param>
/// <param name="InTrouble">The DNS could not be asked, and it might have made it welcome.</param>
internal sealed record Deliverer(string Name, string? Provider, string Words, bool IsWelcome, bool InTrouble);

/// <summary>Recognises who delivers: by published ranges, by names that lead back to the address (a stranger can claim a name,
/// not confirm it), and where an app is restricted also by the provider's own SPF record.</summary>
internal sealed class Recognition(IDns dns, DelivererList providers, TimeProvider time)
{
    /// <param name="app">Null for mail that belongs to no app.</param>
    public async Task<Deliverer> OfAsync(LastHop hop, EmailApp? app, CancellationToken cancel)
    {
        var rule = app is null ? null : DeliveryRule.Of(app);
        var (names, trouble) = await NamesAsync(hop.Client, cancel);
        var provider = providers.All.FirstOrDefault(one => IsOne(one.Known, hop.Client, names));
        if (provider is null && rule is { IsRestricted: true }) (provider, trouble) = await BySpfAsync(rule, hop.Client, trouble, cancel);

        var isWelcome = rule is not { IsRestricted: true } || (provider is not null && rule.Providers.Contains(provider.Id)) || IsOne(rule.Sources, hop.Client, names);
        var address = hop.Client.ToString();
        var where = names.Count > 0 ? $"{names[0]}, {address}" : address;
        return new Deliverer(
            provider?.Id ?? (names.Count > 0 ? PublicSuffixes.OrganisationalDomain(names[0]) ?? names[0] : address),
            provider?.Id,
            provider is not null ? $"{provider.Name} ({where})" : where,
            isWelcome,
            trouble && !isWelcome);
    }

    private static bool IsOne(DeliverySources known, IPAddress client, IReadOnlyList<string> names) => known.Holds(client) || names.Any(known.Holds);

    private async Task<(IReadOnlyList<string> Names, bool Trouble)> NamesAsync(IPAddress client, CancellationToken cancel)
    {
        try
        {
            return (await ConfirmedNames.OfAsync(dns, client, static _ => true, cancel), false);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return ([], true);
        }
    }

    private async Task<(DelivererData?, bool Trouble)> BySpfAsync(DeliveryRule rule, IPAddress client, bool trouble, CancellationToken cancel)
    {
        foreach (var provider in rule.Providers.Select(providers.Find).OfType<DelivererData>())
        {
            if (provider.Spf is not { } domain) continue;
            var outcome = await new SpfCheck(dns, time).CheckAsync(client, domain, $"postmaster@{domain}", cancel);
            if (outcome.Result is SpfResult.Pass) return (provider, false);
            trouble |= outcome.Result is SpfResult.TempError;
        }
        return (null, trouble);
    }
}
