using System.Collections.Immutable;

namespace Passerelle.Lab.State;

/// <summary>All labs of the host. A directory id or a mail domain belongs to one lab only, so one listener serves all.</summary>
internal sealed class Labs(TimeProvider time, LabFiles files)
{
    private readonly Lock _gate = new();
    private ImmutableArray<Twin> _all = [.. files.Load().Select(state => new Twin(state, time, files.Changed))];

    public ImmutableArray<Twin> All => _all;

    public Twin? Named(string name) => _all.FirstOrDefault(lab => lab.Name == name);

    /// <returns>The lab of that name, made when it does not exist.</returns>
    public (Twin Lab, bool Made) Open(string name)
    {
        lock (_gate)
        {
            if (Named(name) is { } known) return (known, false);
            var lab = new Twin(new LabState { Name = name }, time, files.Changed);
            _all = _all.Add(lab);
            files.Changed(lab);
            return (lab, true);
        }
    }

    /// <param name="segment">A directory id or a verified domain, as the first path segment names it.</param>
    public DirectoryPlace? Directory(string segment)
    {
        var isId = Guid.TryParse(segment, out Guid id);
        if (id == Resources.PersonalDirectory) return null; // every lab has one: the application must tell
        foreach (Twin lab in _all)
        {
            LabState state = lab.State;
            if ((isId ? state.Directory(id) : state.DirectoryOfDomain(segment)) is { } directory)
                return new DirectoryPlace(lab, directory);
        }

        return null;
    }

    public DirectoryPlace? Directory(Guid id)
    {
        if (id == Resources.PersonalDirectory) return null;
        foreach (Twin lab in _all)
        {
            if (lab.State.Directory(id) is { } directory) return new DirectoryPlace(lab, directory);
        }

        return null;
    }

    /// <summary>The lab where an application is registered.</summary>
    public Twin? OfApp(Guid clientId) =>
        _all.FirstOrDefault(lab => lab.State.Directories.Any(d => d.Registration(clientId) is not null));

    /// <summary>The account that answers to this address, primary or proxy.</summary>
    public UserPlace? User(string address)
    {
        foreach (Twin lab in _all)
        {
            foreach (LabDirectory directory in lab.State.Directories)
            {
                if (directory.UserByAddress(address) is { } user) return new UserPlace(lab, directory, user);
            }
        }

        return null;
    }

    /// <summary>Whose domain this is; null when no lab of this host owns it.</summary>
    public DomainPlace? Domain(string domain)
    {
        foreach (Twin lab in _all)
        {
            LabState state = lab.State;
            if (state.DirectoryOfDomain(domain) is { } directory) return new DomainPlace.Verified(lab, directory);
            if (state.OutsideOfDomain(domain) is { } outside) return new DomainPlace.Outside(lab, outside);
        }

        return null;
    }

    /// <summary>Makes a lab what that state says, under its own name.</summary>
    /// <returns>The domain or directory id that another lab of this host has, or null when it was done.</returns>
    public string? Replace(Twin lab, LabState state)
    {
        lock (_gate)
        {
            IEnumerable<string> domains = [.. state.Directories.SelectMany(d => d.Domains), .. state.OutsideDomains.Select(o => o.Name)];
            var taken = domains.FirstOrDefault(domain => Domain(domain) is { } owner && owner.Lab != lab)
                ?? state.Directories.FirstOrDefault(d => Directory(d.Id) is { } owner && owner.Lab != lab)?.Id.ToString();
            if (taken is null) lab.Change(_ => state with { Name = lab.Name });
            return taken;
        }
    }

    /// <summary>From here on nobody finds it, and its file is gone.</summary>
    public void Remove(Twin lab)
    {
        lock (_gate) _all = _all.Remove(lab);
        files.Forget(lab);
    }

    /// <summary>Adds something that owns domains, unless one of them is taken in any lab of this host.</summary>
    /// <returns>The domain that is taken, or null when the change was made.</returns>
    public string? Claim(Twin lab, IEnumerable<string> domains, Func<LabState, LabState> change)
    {
        lock (_gate)
        {
            if (domains.FirstOrDefault(domain => Domain(domain) is not null) is { } taken) return taken;
            lab.Change(change);
            return null;
        }
    }
}

internal sealed record DirectoryPlace(Twin Lab, LabDirectory Directory);

internal sealed record UserPlace(Twin Lab, LabDirectory Directory, LabUser User);

/// <summary>Who owns a mail domain.</summary>
internal abstract record DomainPlace(Twin Lab)
{
    public sealed record Verified(Twin Lab, LabDirectory Directory) : DomainPlace(Lab);

    public sealed record Outside(Twin Lab, OutsideDomain Domain) : DomainPlace(Lab);
}
