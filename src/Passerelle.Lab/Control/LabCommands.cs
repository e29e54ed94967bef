using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Control;

/// <summary>Orders about whole labs, directories and domains.</summary>
internal sealed partial class LabCommands(Labs labs, Exchange.LabLife life, TimeProvider time)
{
    private const long TenYears = 10L * 366 * 24 * 3600;

    public Change Open(string name)
    {
        if (!LabName().IsMatch(name)) return new Change.Refused("A lab's name has 1 to 40 of a-z, 0-9 and '-', and begins with a letter or digit.");
        (Twin lab, var made) = labs.Open(name);
        return made ? new Change.Made(lab.State) : new Change.Done(lab.State);
    }

    /// <summary>Makes a lab what the YAML says, mail apart; it is made when it does not exist. A reset goes back to here.</summary>
    public Change Describe(string name, string yaml)
    {
        if (!LabName().IsMatch(name)) return Open(name);
        LabState state;
        try
        {
            state = LabYaml.Read(yaml, name, time.GetUtcNow());
        }
        catch (FormatException wrong)
        {
            return new Change.Refused(wrong.Message);
        }

        (Twin lab, var made) = labs.Open(name);
        if (labs.Replace(lab, state) is { } taken)
        {
            if (made) life.Remove(lab);
            return DomainTaken(taken);
        }

        life.Take(lab, Exchange.LabLife.Start);
        return made ? new Change.Made(lab.State) : new Change.Done(lab.State);
    }

    public Change MoveClock(string name, ClockOrder order)
    {
        if (labs.Named(name) is not { } lab) return NoLab(name);
        if (order.Seconds is < 1 or > TenYears) return new Change.Refused("Time moves forward only: 1 second to 10 years.");
        lab.Change(state => state with { Ahead = state.Ahead + TimeSpan.FromSeconds(order.Seconds), ShowsClock = state.ShowsClock || order.Shown });
        return new Change.Done(new { now = lab.Time.GetUtcNow() });
    }

    public Change AddDirectory(string name, DirectoryOrder order)
    {
        if (labs.Named(name) is not { } lab) return NoLab(name);
        if (order.DisplayName.Length is 0 or > 200) return new Change.Refused("A directory needs a name of at most 200 characters.");
        ImmutableArray<string> domains =
            [.. (order.Domains ?? [Exchange.InitialDomain.For(order.DisplayName)]).Select(d => d.ToLowerInvariant()).Distinct()];
        if (domains.Length == 0) return new Change.Refused("A directory needs at least one domain.");
        if (domains.FirstOrDefault(d => !Domain().IsMatch(d)) is { } bad) return new Change.Refused($"'{bad}' is not a domain name.");

        var directory = new LabDirectory
        {
            Id = lab.NewId(),
            DisplayName = order.DisplayName,
            Domains = domains,
            SigningKey = lab.State.Directories.Length,
            SubmissionLimits = new SubmissionLimits { Since = lab.Time.GetUtcNow() },
        };
        return labs.Claim(lab, domains, state => state.With(directory)) is { } taken ? DomainTaken(taken) : new Change.Made(directory);
    }

    public Change AddDomain(DirectoryPlace place, DomainOrder order)
    {
        if (!Domain().IsMatch(order.Name)) return new Change.Refused($"'{order.Name}' is not a domain name.");
        var name = order.Name.ToLowerInvariant();
        var taken = labs.Claim(place.Lab, [name], state => state.Directory(place.Directory.Id) is { } directory
            ? state.With(directory with { Domains = directory.Domains.Add(name) })
            : state);
        return taken is null ? new Change.Done() : DomainTaken(taken);
    }

    public Change AddOutside(string name, OutsideOrder order)
    {
        if (labs.Named(name) is not { } lab) return NoLab(name);
        if (!Domain().IsMatch(order.Name)) return new Change.Refused($"'{order.Name}' is not a domain name.");
        var outside = new OutsideDomain(order.Name.ToLowerInvariant(), []);
        foreach (CustomerOrder customer in order.Customers ?? [])
        {
            if (!MailAddresses.IsOf(customer.Address, outside.Name)) return WrongDomain(customer.Address, outside.Name);
            outside = outside.With(new Customer(customer.Address, customer.DisplayName, customer.Password));
        }

        return labs.Claim(lab, [outside.Name], state => state.With(outside)) is { } taken ? DomainTaken(taken) : new Change.Made(outside);
    }

    public Change AddCustomer(string name, string domain, CustomerOrder order)
    {
        if (labs.Named(name) is not { } lab) return NoLab(name);
        if (!MailAddresses.IsOf(order.Address, domain)) return WrongDomain(order.Address, domain);
        var customer = new Customer(order.Address, order.DisplayName, order.Password);
        return lab.Change(state => state.OutsideOfDomain(domain) is { } outside
            ? (state.With(outside.With(customer)), new Change.Made(customer))
            : (state, (Change)new Change.Missing($"There is no outside domain {domain}.")));
    }

    public static Change NoLab(string name) => new Change.Missing($"There is no lab '{name}'.");

    private static Change.Taken DomainTaken(string domain) => new($"{domain} belongs to somebody already; each domain has one owner in the whole host.");

    private static Change.Refused WrongDomain(string address, string domain) => new($"'{address}' is not an address of {domain}.");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex LabName();

    [GeneratedRegex(@"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Domain();
}
