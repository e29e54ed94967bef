using System.Runtime.InteropServices;

namespace Passerelle.Lab.Exchange;

/// <summary>Which bytes the snapshots of a lab speak of: those of a mail as it was then. Not for several threads at once.</summary>
internal sealed class HeldMail
{
    private readonly Dictionary<(Guid Id, int Revision), int> _snapshots = [];

    public bool Holds(StoredMail mail) => _snapshots.ContainsKey((mail.Id, mail.Revision));

    public void Hold(IEnumerable<StoredMail> snapshot)
    {
        foreach (var mail in snapshot) CollectionsMarshal.GetValueRefOrAddDefault(_snapshots, (mail.Id, mail.Revision), out _)++;
    }

    /// <returns>What no other snapshot speaks of.</returns>
    public IReadOnlyList<StoredMail> Release(IEnumerable<StoredMail> snapshot)
    {
        var free = new List<StoredMail>();
        foreach (var mail in snapshot)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_snapshots, (mail.Id, mail.Revision), out _) > 0) continue;
            _snapshots.Remove((mail.Id, mail.Revision));
            free.Add(mail);
        }

        return free;
    }
}
