using System.Collections.Immutable;
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

    /// <summary>The organisation that it was submitted or forwarded in; null when it came from outside.</summary>
    public Guid? Origin { get; init; }

    /// <summary>The organisations whose mail flow rules have seen it.</summary>
    public ImmutableHashSet<Guid> RuledBy { get; init; } = [];

    /// <summary>A mailbox forwarded it by itself (message type "Auto-forward").</summary>
    public bool AutoForwarded { get; init; }

    /// <summary>Written by the service itself, such as a report: no rule looks at it.</summary>
    public bool IsReport { get; init; }

    /// <summary>Spam confidence level that a rule gave it; null without one.</summary>
    public int? Scl { get; init; }

    /// <summary>A rule wants it in quarantine.</summary>
    public bool Quarantined { get; init; }

    /// <summary>What the sender wants to hear, by recipient of his envelope.</summary>
    public ImmutableDictionary<string, DsnWish> Wishes { get; init; } = ImmutableDictionary<string, DsnWish>.Empty;

    public DsnWish WishOf(string recipient) => Wishes.GetValueOrDefault(recipient) ?? DsnWish.None;
}

/// <summary>Somebody who may submit mail: an account with a mailbox, or a customer outside.</summary>
/// <param name="Directory">Null for a customer.</param>
internal sealed record Submitter(Twin Lab, string Address, string DisplayName, LabDirectory? Directory)
{
    public string Domain => MailAddress.DomainOf(Address);

    /// <summary>The directory as it is now; null for a customer.</summary>
    public LabDirectory? Organisation => Directory is null ? null : Lab.State.Directory(Directory.Id);

    public Mailbox? Mailbox => Organisation?.UserByAddress(Address)?.Mailbox;

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
