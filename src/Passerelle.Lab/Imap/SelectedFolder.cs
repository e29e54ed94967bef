using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Imap;

/// <summary>An open folder as its client counts it: a mail keeps its number until the client is told otherwise.</summary>
internal sealed class SelectedFolder : IDisposable
{
    private readonly ImapAccount _account;
    private readonly SemaphoreSlim _changed = new(0);
    private List<StoredMail> _known;

    public SelectedFolder(ImapAccount account, MailFolder folder, bool readOnly)
    {
        _account = account;
        Folder = folder;
        ReadOnly = readOnly;
        _account.Mail.Changed += Changed;
        var (mails, next) = account.Mail.Numbered(account.Mailbox, folder);
        (_known, UidNext) = ([.. mails], next);
    }

    public MailFolder Folder { get; }

    public bool ReadOnly { get; }

    /// <summary>When it was opened.</summary>
    public uint UidNext { get; }

    public ImapAccount Account => _account;

    /// <summary>In the client's order; the first has number 1.</summary>
    public IReadOnlyList<StoredMail> Known => _known;

    /// <summary>The mails of a set, with their numbers. Unknown UIDs are no mistake, unknown numbers are (RFC 3501 §6.4.8).</summary>
    public List<(int Number, StoredMail Mail)> Of(SequenceSet set, bool byUid)
    {
        var largest = byUid ? _known.Count == 0 ? 0 : _known[^1].Uid : (uint)_known.Count;
        return [.. _known.Select((mail, at) => (at + 1, mail)).Where(one => set.Contains(byUid ? one.mail.Uid : (uint)one.Item1, largest))];
    }

    /// <summary>The client hears it with the answer to its own command.</summary>
    public void Learn(StoredMail mail)
    {
        var at = _known.FindIndex(known => known.Id == mail.Id);
        if (at >= 0) _known[at] = mail;
    }

    /// <summary>Says what has changed since the client last heard (RFC 3501 §7.3 and §7.4).</summary>
    /// <param name="expunged">Whether the numbers may move.</param>
    public void Tell(ImapWire wire, bool expunged)
    {
        var now = _account.Mail.Numbered(_account.Mailbox, Folder).Mails;
        var there = now.ToDictionary(mail => (mail.Id, mail.Uid));
        if (expunged)
        {
            for (var at = _known.Count - 1; at >= 0; at--)
            {
                if (there.ContainsKey((_known[at].Id, _known[at].Uid))) continue;
                _known.RemoveAt(at);
                wire.WriteLine($"* {at + 1} EXPUNGE");
            }
        }

        for (var at = 0; at < _known.Count; at++)
        {
            if (!there.TryGetValue((_known[at].Id, _known[at].Uid), out var mail) || mail.Flags == _known[at].Flags) continue;
            _known[at] = mail;
            wire.WriteLine($"* {at + 1} FETCH (FLAGS {ImapText.Of(mail.Flags)})");
        }

        var last = _known.Count == 0 ? 0 : _known[^1].Uid;
        var known = _known.Count;
        _known.AddRange(now.Where(mail => mail.Uid > last));
        if (_known.Count > known) wire.WriteLine($"* {_known.Count} EXISTS");
    }

    public Task WaitAsync(CancellationToken cancel) => _changed.WaitAsync(cancel);

    public void Dispose()
    {
        _account.Mail.Changed -= Changed;
        _changed.Dispose();
    }

    private void Changed()
    {
        try
        {
            if (_changed.CurrentCount == 0) _changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // told while it was closed
        }
    }
}
