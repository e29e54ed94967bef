using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Somebody of a lab who has mail.</summary>
/// <param name="IsCustomer">Lives in an outside domain.</param>
internal sealed record Person(string Address, string DisplayName, bool IsCustomer)
{
    /// <summary>Customers first: a story begins with one of them.</summary>
    public static IEnumerable<Person> All(Twin lab)
    {
        var state = lab.State;
        var customers = state.OutsideDomains.SelectMany(domain => domain.Customers)
            .Select(customer => new Person(customer.Address, customer.DisplayName, true));
        var mailboxes = state.Directories.SelectMany(directory => directory.Users).Where(user => user.Mailbox is not null)
            .Select(user => new Person(user.Address, user.DisplayName, false));
        return customers.Concat(mailboxes);
    }
}
