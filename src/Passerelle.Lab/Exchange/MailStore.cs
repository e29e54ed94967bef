namespace Passerelle.Lab.Exchange;

/// <summary>All mail of one lab: Inbox, Sent Items and Junk of each mailbox, of its users and of the customers outside.
/// Bounded: a folder that is full loses its oldest mail.</summary>
internal sealed class MailStore
{
    public const int MailsPerFolder = 2_000;
    private readonly Lock _gate = new();
    private readonly MailFiles<StoredMail> _files;
    private readonly TimeProvider _time;
    private readonly List<StoredMail> _mails = [];
    private readonly Waiters<StoredMail> _waiters = new();
    private readonly UidBook _uids;
    private readonly HeldMail _held = new();
    private int _revisions;

    /// <param name="folder">The lab's mail folder; made when absent.</param>
    public MailStore(string folder, TimeProvider time)
    {
        _files = new MailFiles<StoredMail>(folder);
        _time = time;
        _mails.AddRange(_files.Load());
        _uids = new UidBook(Path.Combine(folder, "uids"), time);
        foreach (var mail in _mails) _uids.Seen(mail);
        for (var i = 0; i < _mails.Count; i++)
        {
            if (_mails[i].Uid > 0) continue;
            _mails[i] = _mails[i] with { Uid = _uids.Take(_mails[i]) };
            _files.Save(_mails[i].Id, _mails[i]);
        }
    }

    /// <summary>Told after each change, on the changer's thread; must not block.</summary>
    public event Action? Changed;

    /// <summary>Changes when numbers that clients remember hold no longer (RFC 3501 §2.3.1.1).</summary>
    public uint UidValidity
    {
        get
        {
            lock (_gate) return _uids.Validity;
        }
    }

    /// <summary>Durable against a killed process when the batch is kept (not against power loss: it is a lab).</summary>
    public async Task<StoredMail> PrepareAsync(
        MailBatch batch, string mailbox, MailFolder folder, string reversePath, ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return await PrepareAsync(batch, new StoredMail
        {
            Id = Guid.CreateVersion7(now),
            Mailbox = MailAddress.Key(mailbox),
            Folder = folder,
            ReceivedAt = now,
            ReversePath = reversePath,
            Bytes = raw.Length,
            Flags = folder switch
            {
                MailFolder.SentItems => MailFlags.Seen,
                MailFolder.Drafts => MailFlags.Seen | MailFlags.Draft,
                _ => MailFlags.None,
            },
        }.Read(raw), raw, cancel);
    }

    /// <summary>A copy of a mail that is there, in another folder of its mailbox.</summary>
    public async Task<StoredMail> PrepareCopyAsync(MailBatch batch, StoredMail mail, MailFolder folder, CancellationToken cancel) =>
        await PrepareAsync(batch, mail with { Id = Guid.CreateVersion7(_time.GetUtcNow()), Folder = folder }, await ReadAsync(mail, cancel), cancel);

    /// <summary>A mail that a client puts there by itself.</summary>
    /// <param name="receivedAt">Null means now.</param>
    public Task<StoredMail> PrepareAsync(
        MailBatch batch, string mailbox, MailFolder folder, MailFlags flags, DateTimeOffset? receivedAt, byte[] raw, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return PrepareAsync(batch, new StoredMail
        {
            Id = Guid.CreateVersion7(now),
            Mailbox = MailAddress.Key(mailbox),
            Folder = folder,
            ReceivedAt = receivedAt ?? now,
            ReversePath = "",
            Bytes = raw.Length,
            Flags = flags,
        }.Read(raw), raw, cancel);
    }

    /// <summary>Marks a mail or moves it; a move gives it the next number of its new folder.</summary>
    /// <returns>As it is now; null when it is gone.</returns>
    public StoredMail? Change(Guid id, Func<StoredMail, StoredMail> change)
    {
        StoredMail after;
        lock (_gate)
        {
            var at = _mails.FindIndex(mail => mail.Id == id);
            if (at < 0) return null;
            var before = _mails[at];
            after = change(before);
            if (after.Folder != before.Folder)
            {
                _uids.Leaves(before);
                after = after with { Uid = _uids.Take(after) };
            }

            _files.Save(id, after);
            _mails[at] = after;
        }

        Changed?.Invoke();
        return after;
    }

    /// <returns>False when none of them was there any longer.</returns>
    public bool Delete(params IReadOnlyCollection<Guid> ids)
    {
        List<StoredMail> gone;
        lock (_gate)
        {
            gone = [.. _mails.Where(mail => ids.Contains(mail.Id))];
            foreach (var mail in gone) _uids.Leaves(mail);
            _mails.RemoveAll(gone.Contains);
            foreach (var mail in gone) Discard(mail);
        }

        if (gone.Count > 0) Changed?.Invoke();
        return gone.Count > 0;
    }

    /// <returns>By number, and the number that the next mail will have.</returns>
    public (IReadOnlyList<StoredMail> Mails, uint Next) Numbered(string mailbox, MailFolder folder)
    {
        lock (_gate) return ([.. In(MailAddress.Key(mailbox), folder).OrderBy(mail => mail.Uid)], _uids.Tell(MailAddress.Key(mailbox), folder));
    }

    /// <returns>Newest first.</returns>
    public IReadOnlyList<StoredMail> List(string mailbox, MailFolder folder)
    {
        lock (_gate) return [.. In(MailAddress.Key(mailbox), folder).Reverse()];
    }

    public StoredMail? Find(Guid id)
    {
        lock (_gate) return _mails.Find(mail => mail.Id == id);
    }

    /// <param name="messageId">With or without angle brackets.</param>
    public IReadOnlyList<StoredMail> FindByMessageId(string messageId)
    {
        var id = messageId.Trim().Trim('<', '>');
        lock (_gate) return [.. _mails.Where(mail => mail.MessageId == id)];
    }

    public Task<byte[]> ReadAsync(StoredMail mail, CancellationToken cancel) => _files.ReadAsync(mail.Id, cancel);

    /// <summary>New bytes under the same id: a draft that is edited.</summary>
    /// <returns>Null when the mail is gone.</returns>
    public async Task<StoredMail?> RewriteAsync(Guid id, ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        if (Find(id) is null) return null;
        await _files.PrepareRewriteAsync(id, raw, cancel);
        return Change(id, mail =>
        {
            if (_held.Holds(mail)) _files.SetAside(id, mail.Revision);
            _files.Rewrite(id);
            return (mail with { Bytes = raw.Length, Revision = ++_revisions }).Read(raw);
        });
    }

    /// <summary>The first mail, of those here and those to come, that fits. Waits for the event, never polls.</summary>
    public Task<StoredMail> WaitForAsync(Func<StoredMail, bool> fits, CancellationToken cancel)
    {
        lock (_gate)
        {
            return _mails.FirstOrDefault(fits) is { } here
                ? Task.FromResult(here)
                : _waiters.WaitAsync(fits, cancel);
        }
    }

    /// <summary>All mail as it stands: a reference, since what is known of a mail never changes in place. Its bytes stay on the disk
    /// until <see cref="Release"/>, or until the host ends.</summary>
    public IReadOnlyList<StoredMail> Snapshot()
    {
        lock (_gate)
        {
            StoredMail[] all = [.. _mails];
            _held.Hold(all);
            return all;
        }
    }

    /// <summary>Nobody goes back to that snapshot any more.</summary>
    public void Release(IReadOnlyList<StoredMail> snapshot)
    {
        lock (_gate)
        {
            foreach (var mail in _held.Release(snapshot)) _files.DropAside(mail.Id, mail.Revision);
        }
    }

    /// <summary>Goes back: mail that came since is deleted, what was deleted or edited since is as it was.</summary>
    public void Restore(IReadOnlyList<StoredMail> snapshot)
    {
        lock (_gate)
        {
            var there = _mails.ToDictionary(mail => mail.Id);
            var changed = snapshot.Where(mail => !ReferenceEquals(mail, there.GetValueOrDefault(mail.Id))).ToList();
            foreach (var mail in changed) Return(mail, there.GetValueOrDefault(mail.Id));
            var later = _mails.ExceptBy(snapshot.Select(mail => mail.Id), mail => mail.Id).ToLookup(_held.Holds);
            foreach (var mail in later[true]) _files.Retire(mail.Id, mail.Revision);
            _files.Forget([.. later[false].Select(mail => mail.Id)]);
            if (changed.Count + later.Count > 0) _uids.Renew();
            _mails.Clear();
            _mails.AddRange(snapshot);
        }

        Changed?.Invoke();
    }

    /// <param name="now">As it is; null: it was deleted.</param>
    private void Return(StoredMail then, StoredMail? now)
    {
        if (now?.Revision == then.Revision)
        {
            _files.Save(then.Id, then); // marked or moved: the bytes are the same
            return;
        }

        if (now is not null && _held.Holds(now)) _files.SetAside(now.Id, now.Revision);
        _files.BringBack(then.Id, then.Revision, then);
    }

    private void Discard(StoredMail mail)
    {
        if (_held.Holds(mail)) _files.Retire(mail.Id, mail.Revision);
        else _files.Delete(mail.Id);
    }

    private async Task<StoredMail> PrepareAsync(MailBatch batch, StoredMail mail, ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        lock (_gate) mail = mail with { Uid = _uids.Take(mail) };
        await _files.PrepareAsync(batch, mail.Id, mail, raw, () => Kept(mail), cancel);
        return mail;
    }

    private void Kept(StoredMail mail)
    {
        List<StoredMail> surplus;
        lock (_gate)
        {
            // Another was kept sooner, or somebody looked while it was being written: numbers follow arrival.
            if (_uids.IsPast(mail) || In(mail.Mailbox, mail.Folder).Any(other => other.Uid > mail.Uid))
            {
                mail = mail with { Uid = _uids.Take(mail) };
                _files.Save(mail.Id, mail);
            }

            _mails.Add(mail);
            surplus = [.. In(mail.Mailbox, mail.Folder).SkipLast(MailsPerFolder)];
            foreach (var old in surplus)
            {
                _mails.Remove(old);
                Discard(old);
            }
        }

        _waiters.Tell(mail);
        Changed?.Invoke();
    }

    private IEnumerable<StoredMail> In(string mailbox, MailFolder folder) =>
        _mails.Where(mail => mail.Mailbox == mailbox && mail.Folder == folder);
}
