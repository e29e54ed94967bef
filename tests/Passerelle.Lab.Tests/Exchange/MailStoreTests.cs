using System.Text;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Lab.Exchange;

namespace Passerelle.Lab.Tests.Exchange;

public sealed class MailStoreTests : IDisposable
{
    private const string Box = "ann@adatum.example";
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-mail-").FullName;
    private readonly FakeTimeProvider _time = new();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_is_there_after_a_restart_byte_for_byte()
    {
        var raw = Raw("one@x.example", "First");
        await new MailStore(_folder, _time).AddAsync(Box, MailFolder.Inbox, "bob@x.example", raw, Cancel);

        var store = new MailStore(_folder, _time);

        var mail = Assert.Single(store.List("ANN@adatum.example", MailFolder.Inbox));
        Assert.Equal(("one@x.example", "First", "bob@x.example"), (mail.MessageId, mail.Subject, mail.ReversePath));
        Assert.Equal(raw, await store.ReadAsync(mail, Cancel));
        Assert.Equal(mail.Id, Assert.Single(store.FindByMessageId("<one@x.example>")).Id);
    }

    /// <summary>RFC 3501 §2.3.1.1: who was told that the next mail has number 2 or higher never looks for number 1 again.</summary>
    [Fact]
    public async Task A_mail_that_was_still_being_written_while_somebody_looked_gets_a_number_that_he_will_look_for()
    {
        var store = new MailStore(_folder, _time);
        using var batch = new MailBatch();
        await store.PrepareAsync(batch, Box, MailFolder.Inbox, "", Raw("one@x.example", "First"), Cancel);
        var (seen, next) = store.Numbered(Box, MailFolder.Inbox);
        batch.Keep();
        Assert.Empty(seen);
        Assert.True(Assert.Single(store.List(Box, MailFolder.Inbox)).Uid >= next);
        Assert.True(Assert.Single(new MailStore(_folder, _time).List(Box, MailFolder.Inbox)).Uid >= next);
    }

    [Fact]
    public async Task Bytes_whose_mail_was_never_accepted_are_removed_at_the_start()
    {
        var store = new MailStore(_folder, _time);
        var mail = await store.AddAsync(Box, MailFolder.Inbox, "", Raw("one@x.example", "First"), Cancel);
        File.Delete(Directory.EnumerateFiles(_folder, "*.json").Single()); // as if killed between the two writes

        Assert.Empty(new MailStore(_folder, _time).List(Box, MailFolder.Inbox));
        Assert.Empty(Directory.EnumerateFiles(_folder, $"{mail.Id:N}*"));
    }

    [Fact]
    public async Task Going_back_leaves_no_file_of_what_came_since()
    {
        var store = new MailStore(_folder, _time);
        var kept = await store.AddAsync(Box, MailFolder.Inbox, "", Raw("one@x.example", "First"), Cancel);
        var then = store.Snapshot();
        var later = await store.AddAsync(Box, MailFolder.Inbox, "", Raw("two@x.example", "Second"), Cancel);

        store.Restore(then);

        Assert.Equal(kept.Id, Assert.Single(store.List(Box, MailFolder.Inbox)).Id);
        while (Directory.EnumerateFiles(_folder, "*.gone").Any()) await Task.Delay(10, Cancel);
        Assert.Empty(Directory.EnumerateFiles(_folder, $"{later.Id:N}*"));
        Assert.Equal(kept.Id, Assert.Single(new MailStore(_folder, _time).List(Box, MailFolder.Inbox)).Id);
    }

    [Fact]
    public async Task Going_back_brings_back_what_was_deleted_and_what_was_edited_since_as_often_as_one_likes()
    {
        var store = new MailStore(_folder, _time);
        var (first, second) = (Raw("one@x.example", "First"), Raw("two@x.example", "Draft"));
        var mail = await store.AddAsync(Box, MailFolder.Inbox, "", first, Cancel);
        var draft = await store.AddAsync(Box, MailFolder.Drafts, "", second, Cancel);
        var then = store.Snapshot();
        for (var time = 0; time < 2; time++)
        {
            Assert.True(store.Delete(mail.Id));
            await store.RewriteAsync(draft.Id, Raw("two@x.example", "Edited"), Cancel);
            await store.RewriteAsync(draft.Id, Raw("two@x.example", "Edited again"), Cancel);
            var edited = store.Snapshot(); // another one, to which nobody goes back

            store.Restore(then);

            Assert.Equal(["First", "Draft"], new[] { mail, draft }.Select(m => store.Find(m.Id)?.Subject));
            Assert.Equal(first, await store.ReadAsync(mail, Cancel));
            Assert.Equal(second, await store.ReadAsync(draft, Cancel));
            store.Release(edited);
        }

        store.Delete(mail.Id);
        await store.RewriteAsync(draft.Id, first, Cancel);
        Assert.Equal(2, Directory.EnumerateFiles(_folder, "*.old").Count());
        store.Release(then);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.old"));
        Assert.Equal(first, await new MailStore(_folder, _time).ReadAsync(draft, Cancel));
    }

    [Fact]
    public async Task Bytes_that_a_snapshot_held_are_gone_at_the_next_start()
    {
        var store = new MailStore(_folder, _time);
        var mail = await store.AddAsync(Box, MailFolder.Inbox, "", Raw("one@x.example", "First"), Cancel);
        store.Snapshot();
        store.Delete(mail.Id);

        Assert.Empty(new MailStore(_folder, _time).List(Box, MailFolder.Inbox));
        Assert.Empty(Directory.EnumerateFiles(_folder, $"{mail.Id:N}*"));
    }

    [Fact]
    public async Task A_lab_killed_while_it_deleted_goes_on_at_the_next_start()
    {
        var store = new MailStore(_folder, _time);
        var mail = await store.AddAsync(Box, MailFolder.Inbox, "", Raw("one@x.example", "First"), Cancel);
        await File.WriteAllTextAsync(Path.Combine(_folder, $"{mail.Id:N}.gone"), $"{mail.Id:N}\n", Cancel);

        Assert.Empty(new MailStore(_folder, _time).List(Box, MailFolder.Inbox));
        Assert.Empty(Directory.EnumerateFiles(_folder, $"{mail.Id:N}*"));
    }

    [Fact]
    public async Task Waiting_sees_mail_that_is_there_and_mail_that_comes()
    {
        var store = new MailStore(_folder, _time);
        var later = store.WaitForAsync(mail => mail.Subject == "Second", Cancel);
        Assert.False(later.IsCompleted);

        await store.AddAsync(Box, MailFolder.Inbox, "", Raw("one@x.example", "First"), Cancel);
        await store.AddAsync(Box, MailFolder.Inbox, "", Raw("two@x.example", "Second"), Cancel);

        Assert.Equal("two@x.example", (await later).MessageId);
        Assert.Equal("one@x.example", (await store.WaitForAsync(mail => mail.Subject == "First", Cancel)).MessageId);
    }

    [Fact]
    public async Task A_full_folder_loses_its_oldest_mail()
    {
        var store = new MailStore(_folder, _time);
        for (var i = 0; i <= MailStore.MailsPerFolder; i++)
        {
            await store.AddAsync(Box, MailFolder.Inbox, "", Raw($"{i}@x.example", "Many"), Cancel);
        }

        Assert.Equal(MailStore.MailsPerFolder, store.List(Box, MailFolder.Inbox).Count);
        Assert.Empty(store.FindByMessageId("0@x.example"));
        Assert.Equal(MailStore.MailsPerFolder, Directory.EnumerateFiles(_folder, "*.eml").Count());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Raw(string id, string subject) =>
        Encoding.ASCII.GetBytes($"From: bob@x.example\r\nMessage-ID: <{id}>\r\nSubject: {subject}\r\n\r\nHello\r\n");
}
