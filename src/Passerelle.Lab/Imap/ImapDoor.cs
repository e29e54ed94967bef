namespace Passerelle.Lab.Imap;

/// <summary>How many connections there are, in all and of each mailbox.</summary>
internal sealed class ImapDoor
{
    /// <summary>Exchange's throttling policy allows so many of one mailbox.</summary>
    public const int MostOfOne = 20;

    private const int Most = 500;
    private readonly Lock _gate = new();
    private readonly HashSet<ImapPlace> _open = [];

    public ImapPlace Enter()
    {
        lock (_gate)
        {
            var place = new ImapPlace(this, _open.Count >= Most);
            _open.Add(place);
            return place;
        }
    }

    /// <returns>False when the mailbox has as many as it may.</returns>
    public bool Take(ImapPlace place, string mailbox)
    {
        lock (_gate)
        {
            if (_open.Count(other => mailbox.Equals(other.Mailbox, StringComparison.OrdinalIgnoreCase)) >= MostOfOne) return false;
            place.Mailbox = mailbox;
            return true;
        }
    }

    public void Leave(ImapPlace place)
    {
        lock (_gate) _open.Remove(place);
    }
}

/// <summary>One connection among the others.</summary>
/// <param name="isTooMany">There is no room for it at all.</param>
internal sealed class ImapPlace(ImapDoor door, bool isTooMany) : IDisposable
{
    public bool IsTooMany => isTooMany;

    /// <summary>Null until somebody has signed in.</summary>
    public string? Mailbox { get; set; }

    public bool Take(string mailbox) => door.Take(this, mailbox);

    public void Dispose() => door.Leave(this);
}
