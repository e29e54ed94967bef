using System.Net;

namespace Passerelle.Mail.Verdicts;

/// <summary>Forward-confirmed reverse DNS: the names that an address claims (PTR) and that lead back to it. A stranger can
/// claim any name, but cannot make it lead to himself.</summary>
public static class ConfirmedNames
{
    /// <summary>RFC 7208 §4.6.4: further names are not looked at.</summary>
    private const int Most = 10;

    /// <param name="isWanted">Names that need not be looked up are left out.</param>
    /// <exception cref="Exception">The address's own names could not be asked for. Trouble with one of them leaves it out.</exception>
    public static async Task<IReadOnlyList<string>> OfAsync(IDns dns, IPAddress address, Func<string, bool> isWanted, CancellationToken cancel)
    {
        var confirmed = new List<string>();
        foreach (string claimed in (await dns.NamesAsync(address, cancel)).Take(Most))
        {
            string name = DomainNames.Fold(claimed);
            if (DomainNames.CanExist(name) && isWanted(name) && await LeadsToAsync(dns, name, address, cancel)) confirmed.Add(name);
        }
        return confirmed;
    }

    private static async Task<bool> LeadsToAsync(IDns dns, string name, IPAddress address, CancellationToken cancel)
    {
        try
        {
            return (await dns.AddressesAsync(name, address.AddressFamily, cancel)).Contains(address);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            return false; // RFC 7208 §5.5: a name whose lookup fails is passed over
        }
    }
}
