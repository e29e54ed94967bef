using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>One mail inside the transport of a lab.</summary>
/// <param name="ReversePath">Empty for the null sender.</param>
/// <param name="Raw">Exact bytes, CRLF line ends.</param>
/// <param name="Arrival">What was seen when the lab first took it.</param>
internal sealed record Transit(Twin Lab, string ReversePath, byte[] Raw, Arrival Arrival)
{
    /// <summary>Who is told when it fails: the person who wrote it, also behind a forward.</summary>
    public string Writer { get; init; } = ReversePath;

    /// <summary>Without angle brackets; null when it has none.</summary>
    public string? MessageId { get; init; }
}

/// <summary>Somebody who may submit mail: an account with a mailbox, or a customer outside.</summary>
/// <param name="Directory">Null for a customer.</param>
internal sealed record Submitter(Twin Lab, string Address, string DisplayName, LabDirectory? Directory)
{
    public string Domain => MailAddress.DomainOf(Address);

    public bool Owns(string address) =>
        Address.Equals(address, StringComparison.OrdinalIgnoreCase)
        || Directory?.UserByAddress(Address)?.Answers(address) == true;

    /// <returns>Null when nobody in any lab has this address, or the account has no mailbox.</returns>
    public static Submitter? Find(Labs labs, string address)
    {
        if (labs.User(address) is { User.Mailbox: not null } place)
            return new Submitter(place.Lab, place.User.Address, place.User.DisplayName, place.Directory);
        return labs.Domain(MailAddress.DomainOf(address)) is DomainPlace.Outside outside
            && outside.Domain.Customer(address) is { } customer
            ? new Submitter(outside.Lab, customer.Address, customer.DisplayName, null)
            : null;
    }
}
