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

    /// <param name="folder">The lab's mail folder; made when absent.</param>
    public MailStore(string folder, TimeProvider time)
    {
        _files = new MailFiles<StoredMail>(folder);
        _time = time;
        _mails.AddRange(_files.Load());
    }

    /// <summary>Durable against a killed process when the batch is kept (not against power loss: it is a lab).</summary>
    public async Task<StoredMail> PrepareAsync(
        MailBatch batch, string mailbox, MailFolder folder, string reversePath, ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        var mail = new StoredMail
        {
            Id = Guid.CreateVersion7(now),
            Mailbox = MailAddress.Key(mailbox),
            Folder = folder,
            ReceivedAt = now,
            ReversePath = reversePath,
            Bytes = raw.Length,
            IsRead = folder is MailFolder.SentItems or MailFolder.Drafts,
        }.Read(raw);
        await _files.PrepareAsync(batch, mail.Id, mail, raw, () => Kept(mail), cancel);
        return mail;
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
        if (Find(id) is not { } known) return null;
        await _files.RewriteAsync(id, raw, cancel);
        return await ChangeAsync(id, mail => (mail with { Bytes = raw.Length }).Read(raw), cancel) ?? known;
    }

    /// <summary>What is known of a mail, such as where it lies and whether it was read.</summary>
    /// <returns>As it is now; null when the mail is gone.</returns>
    public async Task<StoredMail?> ChangeAsync(Guid id, Func<StoredMail, StoredMail> change, CancellationToken cancel)
    {
        StoredMail next;
        lock (_gate)
        {
            var at = _mails.FindIndex(mail => mail.Id == id);
            if (at < 0) return null;
            next = _mails[at] = change(_mails[at]);
        }

        await _files.SaveAsync(id, next, cancel);
        return next;
    }

    /// <returns>False when it was gone already.</returns>
    public bool Delete(Guid id)
    {
        lock (_gate)
        {
            if (_mails.RemoveAll(mail => mail.Id == id) == 0) return false;
        }

        _files.Delete(id);
        return true;
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

    /// <summary>All mail as it stands: a reference, since what is known of a mail never changes in place.</summary>
    public IReadOnlyList<StoredMail> Snapshot()
    {
        lock (_gate) return [.. _mails];
    }

    /// <summary>Goes back: mail that came since is deleted. What was deleted since stays so.</summary>
    public void Restore(IReadOnlyList<StoredMail> snapshot)
    {
        List<StoredMail> later;
        lock (_gate)
        {
            var there = _mails.Select(mail => mail.Id).ToHashSet();
            var back = snapshot.Where(mail => there.Contains(mail.Id)).ToList();
            var kept = back.Select(mail => mail.Id).ToHashSet();
            later = [.. _mails.Where(mail => !kept.Contains(mail.Id))];
            _mails.Clear();
            _mails.AddRange(back);
        }

        foreach (var mail in later) _files.Delete(mail.Id);
    }

    private void Kept(StoredMail mail)
    {
        List<StoredMail> surplus;
        lock (_gate)
        {
            _mails.Add(mail);
            surplus = [.. In(mail.Mailbox, mail.Folder).SkipLast(MailsPerFolder)];
            foreach (var old in surplus) _mails.Remove(old);
        }

        foreach (var old in surplus) _files.Delete(old.Id);
        _waiters.Tell(mail);
    }

    private IEnumerable<StoredMail> In(string mailbox, MailFolder folder) =>
        _mails.Where(mail => mail.Mailbox == mailbox && mail.Folder == folder);
}
