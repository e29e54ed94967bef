using MailKit;
using MailKit.Search;
using MimeKit;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Tests.Exchange;
using MailFolder = Passerelle.Lab.Exchange.MailFolder;
using MailStore = Passerelle.Lab.Exchange.MailStore;

namespace Passerelle.Lab.Tests.Imap;

/// <summary>MailKit reads, marks, moves and waits.</summary>
public sealed class ReadingTests
{
    [Fact, Shows("3.4:IMAP-POP")]
    public async Task What_was_sent_to_the_mailbox_is_read_back_byte_for_byte()
    {
        await using var host = await ExchangeHost.StartAsync();
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support));
        using var client = await ImapMail.SignInAsync(host);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, host.Cancel);
        await using var stream = await client.Inbox.GetStreamAsync(0, "", host.Cancel);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, host.Cancel);
        var stored = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single();
        Assert.Equal(await host.Mail.ReadAsync(stored, host.Cancel), read.ToArray());
        Assert.Equal(MailFlags.None, stored.Flags);
    }

    [Fact]
    public async Task Folders_have_Exchanges_names_and_Sent_Items_is_read()
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutLetterAsync(host, "Sent", MailFolder.SentItems);
        await ImapMail.PutLetterAsync(host, "Held", MailFolder.Quarantine);
        using var client = await ImapMail.SignInAsync(host);
        var folders = await client.GetFoldersAsync(client.PersonalNamespaces[0], cancellationToken: host.Cancel);
        Assert.Equal(["Deleted Items", "INBOX", "Junk Email", "Sent Items"], folders.Select(folder => folder.FullName).Order());
        var sent = await client.GetFolderAsync("Sent Items", host.Cancel);
        await sent.StatusAsync(StatusItems.Count | StatusItems.Unread | StatusItems.UidNext | StatusItems.UidValidity, host.Cancel);
        Assert.Equal((1, 0, 2u), (sent.Count, sent.Unread, sent.UidNext!.Value.Id)); // asked for
    }

    [Fact]
    public async Task A_mail_with_parts_shows_its_structure_and_each_part_alone()
    {
        await using var host = await ExchangeHost.StartAsync();
        var mail = ExchangeHost.Letter(ExchangeHost.Customer, ExchangeHost.Support, "Déjà vu");
        var inner = ExchangeHost.Letter(ExchangeHost.OtherCustomer, ExchangeHost.Customer, "Inner");
        inner.Body = new Multipart("alternative") { new TextPart("plain") { Text = "inner plain\r\n" }, new TextPart("html") { Text = "<b>inner</b>\r\n" } };
        mail.Body = new Multipart("mixed")
        {
            new TextPart("plain") { Text = "outer\r\n" }, new MessagePart { Message = inner },
            new MimePart("application", "pdf") { Content = new MimeContent(new MemoryStream(new byte[300])), ContentTransferEncoding = ContentEncoding.Base64, FileName = "réçu.pdf", ContentDisposition = new ContentDisposition("attachment") { FileName = "réçu.pdf" } },
        };
        await host.WriteAsync(ExchangeHost.Customer, ExchangeHost.Support, mail);
        using var client = await ImapMail.SignInAsync(host);
        await client.Inbox!.OpenAsync(FolderAccess.ReadWrite, host.Cancel);

        var summary = (await client.Inbox.FetchAsync(0, -1, MessageSummaryItems.All | MessageSummaryItems.BodyStructure | MessageSummaryItems.UniqueId, host.Cancel)).Single();
        Assert.Equal(("Déjà vu", mail.MessageId, 1u), (summary.Envelope!.Subject, summary.Envelope.MessageId, summary.UniqueId.Id)); // fetched
        var parts = Assert.IsType<BodyPartMultipart>(summary.Body).BodyParts;
        Assert.Equal(["1", "2", "3"], parts.Select(part => part.PartSpecifier));
        var message = Assert.IsType<BodyPartMessage>(parts[1]);
        Assert.Equal("Inner", message.Envelope!.Subject);
        Assert.Equal("réçu.pdf", Assert.IsType<BodyPartBasic>(parts[2]).FileName);

        Assert.Equal("outer\r\n", ((TextPart)await client.Inbox.GetBodyPartAsync(0, parts[0], host.Cancel)).Text.ReplaceLineEndings("\r\n"));
        var alternative = Assert.IsType<BodyPartMultipart>(message.Body);
        Assert.Equal(["2.1", "2.2"], alternative.BodyParts.Select(part => part.PartSpecifier));
        Assert.Equal("<b>inner</b>\r\n", ((TextPart)await client.Inbox.GetBodyPartAsync(0, alternative.BodyParts[1], host.Cancel)).Text.ReplaceLineEndings("\r\n"));
        Assert.Equal("Inner", ((MessagePart)await client.Inbox.GetBodyPartAsync(0, message, host.Cancel)).Message!.Subject);
        Assert.Equal(MailFlags.None, host.Mail.List(ExchangeHost.Support, MailFolder.Inbox).Single().Flags & MailFlags.Deleted);
    }

    [Fact]
    public async Task Marks_are_kept_over_a_restart_and_numbers_are_never_given_twice()
    {
        var folder = Directory.CreateTempSubdirectory("lab-imap-").FullName;
        uint validity;
        await using (var host = await ExchangeHost.StartAsync(folder))
        {
            foreach (var subject in new[] { "One", "Two", "Three" }) await ImapMail.PutLetterAsync(host, subject);
            using var client = await ImapMail.SignInAsync(host);
            await client.Inbox!.OpenAsync(FolderAccess.ReadWrite, host.Cancel);
            await client.Inbox.AddFlagsAsync(0, MessageFlags.Seen | MessageFlags.Answered, true, host.Cancel);
            await client.Inbox.AddFlagsAsync(2, MessageFlags.Deleted, true, host.Cancel);
            await client.Inbox.ExpungeAsync(host.Cancel);
            Assert.Equal(2, client.Inbox.Count);
            validity = client.Inbox.UidValidity;
        }

        await using (var host = await ExchangeHost.StartAsync(folder))
        {
            using var client = await ImapMail.SignInAsync(host);
            await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, host.Cancel);
            Assert.Equal((validity, 4u), (client.Inbox.UidValidity, client.Inbox.UidNext!.Value.Id)); // SELECT says it
            var seen = await client.Inbox.FetchAsync(0, -1, MessageSummaryItems.Flags | MessageSummaryItems.UniqueId, host.Cancel);
            Assert.Equal([(1u, MessageFlags.Seen | MessageFlags.Answered), (2u, MessageFlags.None)], seen.Select(one => (one.UniqueId.Id, one.Flags!.Value))); // fetched
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Mails_are_moved_copied_and_appended_with_the_numbers_that_they_get()
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutLetterAsync(host, "One");
        await ImapMail.PutLetterAsync(host, "Two");
        using var client = await ImapMail.SignInAsync(host);
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadWrite, host.Cancel);
        var junk = await client.GetFolderAsync("Junk Email", host.Cancel);
        var deleted = await client.GetFolderAsync("Deleted Items", host.Cancel);

        Assert.Equal(1u, (await inbox.MoveToAsync(new UniqueId(2), junk, host.Cancel))!.Value.Id); // UIDPLUS
        Assert.Equal(1, inbox.Count);
        Assert.Equal(1u, (await inbox.CopyToAsync(new UniqueId(1), deleted, host.Cancel))!.Value.Id);
        var appended = await inbox.AppendAsync(
            new AppendRequest(ExchangeHost.Letter(ExchangeHost.Support, ExchangeHost.Customer, "Put"), MessageFlags.Flagged, new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.FromHours(2))), host.Cancel);
        Assert.Equal(3u, appended!.Value.Id);

        var put = host.Mail.List(ExchangeHost.Support, MailFolder.Inbox)[0];
        Assert.Equal(("Put", MailFlags.Flagged, new DateTimeOffset(2025, 3, 4, 3, 6, 7, TimeSpan.Zero)), (put.Subject, put.Flags, put.ReceivedAt));
        Assert.Equal("Two", host.Mail.List(ExchangeHost.Support, MailFolder.Junk).Single().Subject);
        Assert.Equal("One", host.Mail.List(ExchangeHost.Support, MailFolder.Deleted).Single().Subject);
    }

    [Fact]
    public async Task A_search_finds_by_header_mark_date_size_and_words()
    {
        await using var host = await ExchangeHost.StartAsync();
        await ImapMail.PutLetterAsync(host, "First order");
        await ImapMail.PutLetterAsync(host, "Second order");
        await ImapMail.PutAsync(host, "From: bob@adatum.example\nSubject: =?utf-8?q?D=C3=A9j=C3=A0?=\nDate: Tue, 6 Jan 2026 10:00:00 +0100\n\nlong " + new string('x', 3000) + "\n");
        using var client = await ImapMail.SignInAsync(host);
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadWrite, host.Cancel);
        await inbox.AddFlagsAsync(new UniqueId(2), MessageFlags.Flagged, true, host.Cancel);
        async Task<string> FindAsync(SearchQuery query) => string.Join(", ", (await inbox.SearchAsync(query, host.Cancel)).Select(uid => uid.Id));

        Assert.Equal("2", await FindAsync(SearchQuery.HeaderContains("Message-ID", "<Second.order@adatum.example>")));
        Assert.Equal("1, 2", await FindAsync(SearchQuery.SubjectContains("ORDER")));
        Assert.Equal("3", await FindAsync(SearchQuery.SubjectContains("déjà")));
        Assert.Equal("2", await FindAsync(SearchQuery.Flagged));
        Assert.Equal("1, 3", await FindAsync(SearchQuery.NotFlagged));
        Assert.Equal("1, 2, 3", await FindAsync(SearchQuery.NotSeen));
        Assert.Equal("3", await FindAsync(SearchQuery.LargerThan(2000)));
        Assert.Equal("3", await FindAsync(SearchQuery.SentSince(new DateTime(2026, 1, 6))));
        Assert.Equal("1, 3", await FindAsync(SearchQuery.SubjectContains("first").Or(SearchQuery.FromContains("bob"))));
        Assert.Equal("1, 2", await FindAsync(SearchQuery.BodyContains("where is").And(SearchQuery.Not(SearchQuery.MessageContains("bob")))));
        Assert.Equal("2, 3", await FindAsync(SearchQuery.Uids([new UniqueId(2), new UniqueId(3)])));
        Assert.Empty(await FindAsync(SearchQuery.DeliveredBefore(new DateTime(2020, 1, 1))));
    }

    [Fact]
    public async Task A_client_that_idles_hears_of_new_mail()
    {
        await using var host = await ExchangeHost.StartAsync();
        using var client = await ImapMail.SignInAsync(host);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, host.Cancel);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Inbox.CountChanged += (_, _) => told.TrySetResult();
        using var done = new CancellationTokenSource();
        var idle = client.IdleAsync(done.Token, host.Cancel);
        await ImapMail.PutLetterAsync(host, "New");
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20), host.Cancel);
        await done.CancelAsync();
        await idle;
        Assert.Equal(1, client.Inbox.Count);
    }

    [Fact]
    public async Task Going_back_to_a_snapshot_gives_the_folders_new_numbers()
    {
        await using var host = await ExchangeHost.StartAsync();
        var one = await ImapMail.PutLetterAsync(host, "One");
        var before = host.Mail.Snapshot();
        var validity = host.Mail.UidValidity;
        host.Mail.Change(one.Id, mail => mail with { Folder = MailFolder.Junk, Flags = MailFlags.Seen });
        host.Mail.Restore(before);
        Assert.Equal((MailFolder.Inbox, MailFlags.None), (host.Mail.Find(one.Id)!.Folder, host.Mail.Find(one.Id)!.Flags)); // it is there
        Assert.True(host.Mail.UidValidity > validity);
        Assert.Equal(MailFolder.Inbox, new MailStore(Path.Combine(host.Exchange.Folder, "mail"), host.Lab.Time).Find(one.Id)?.Folder);
    }
}
