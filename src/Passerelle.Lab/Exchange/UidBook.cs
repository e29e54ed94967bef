using System.Text.Json;

namespace Passerelle.Lab.Exchange;

/// <summary>Numbers the mails of each folder (RFC 3501 §2.3.1.1): ascending, none given twice, also when the newest is gone
/// before a restart. Not safe for several threads at once.</summary>
/// <param name="path">Written only when the mails themselves no longer tell the next number.</param>
internal sealed class UidBook(string path, TimeProvider time)
{
    private readonly Book _book = File.Exists(path)
        ? JsonSerializer.Deserialize<Book>(File.ReadAllBytes(path), LabJson.Options) ?? new Book()
        : new Book();

    private readonly Dictionary<string, uint> _told = [];

    public uint Validity
    {
        get
        {
            if (_book.Validity == 0) Renew();
            return _book.Validity;
        }
    }

    /// <summary>The number that the next mail of the folder will have.</summary>
    /// <param name="mailbox">Lower case.</param>
    public uint Next(string mailbox, MailFolder folder) => _book.Next.GetValueOrDefault(Key(mailbox, folder), 1u);

    /// <summary>Likewise, for a client: it will look for what comes from this number on only (RFC 3501 §2.3.1.1).</summary>
    public uint Tell(string mailbox, MailFolder folder) => _told[Key(mailbox, folder)] = Next(mailbox, folder);

    /// <summary>A client was told that later mails have higher numbers.</summary>
    public bool IsPast(StoredMail mail) => mail.Uid < _told.GetValueOrDefault(Key(mail.Mailbox, mail.Folder));

    public uint Take(StoredMail mail)
    {
        var uid = Next(mail.Mailbox, mail.Folder);
        _book.Next[Key(mail.Mailbox, mail.Folder)] = uid + 1;
        return uid;
    }

    /// <summary>A mail that had a number before the start.</summary>
    public void Seen(StoredMail mail)
    {
        if (mail.Uid >= Next(mail.Mailbox, mail.Folder)) _book.Next[Key(mail.Mailbox, mail.Folder)] = mail.Uid + 1;
    }

    /// <summary>Before a mail is removed from its folder.</summary>
    public void Leaves(StoredMail mail)
    {
        if (mail.Uid + 1 == Next(mail.Mailbox, mail.Folder)) Write();
    }

    /// <summary>All numbers are forgotten: clients start anew.</summary>
    public void Renew()
    {
        _book.Validity = Math.Max(_book.Validity + 1, (uint)time.GetUtcNow().ToUnixTimeSeconds());
        Write();
    }

    private void Write()
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(_book, LabJson.Options));
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string Key(string mailbox, MailFolder folder) => $"{folder}/{mailbox}";

    private sealed class Book
    {
        public uint Validity { get; set; }

        public Dictionary<string, uint> Next { get; set; } = [];
    }
}
