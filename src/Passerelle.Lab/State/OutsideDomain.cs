using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>A mail domain of somebody else, whose people write to the directories' mailboxes.</summary>
/// <param name="Name">Lower case; belongs to one lab of the host only.</param>
internal sealed record OutsideDomain(string Name, ImmutableArray<Customer> Customers)
{
    public Customer? Customer(string address) =>
        Customers.FirstOrDefault(c => c.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    public OutsideDomain With(Customer customer) => this with { Customers = Customers.Put(customer, c => c.Address) };
}

/// <param name="Password">For the webmail and for submission by the customer's own program.</param>
internal sealed record Customer(string Address, string DisplayName, string Password);
