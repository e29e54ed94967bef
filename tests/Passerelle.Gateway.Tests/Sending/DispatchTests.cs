using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Queue;
using Passerelle.Gateway.Tests.Receiving;

namespace Passerelle.Gateway.Tests.Sending;

public sealed class DispatchTests
{
    [Fact]
    public async Task A_letter_leaves_with_the_apps_own_token_and_its_bytes_unchanged()
    {
        await using var rig = await SendingRig.OpenAsync();
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Settled, "250 2.0.0 OK"), (row.State, row.StateReason));
        var mail = Assert.Single(rig.Server.Mails);
        Assert.Contains($"Message-ID: {row.InternetId}", mail, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("Good day,\r\n.this line begins with a dot\r\n", mail, StringComparison.Ordinal);
        var auth = Assert.Single(rig.Server.Commands, line => line.StartsWith("AUTH XOAUTH2 ", StringComparison.Ordinal));
        Assert.Equal(
            "user=support@contoso.example\u0001auth=Bearer token-1\u0001\u0001",
            System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(auth[13..])));
        Assert.Contains("MAIL FROM:<support@contoso.example>", string.Join('\n', rig.Server.Commands), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_used_again_and_one_that_failed_is_not()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SendOneAsync();
        await rig.SendOneAsync();
        Assert.Equal(1, rig.Server.Connections);
        rig.Server.DotReply = "451 4.7.500 Server busy\r\n";
        await rig.SendOneAsync();
        rig.Server.DotReply = "250 2.0.0 OK\r\n";
        await rig.SendOneAsync();
        Assert.Equal(2, rig.Server.Connections);
    }

    /// <summary>A worker that was killed while it renewed the grant leaves it claimed for a minute: the letter waits, however few attempts it has.</summary>
    [Fact]
    public async Task A_grant_that_a_dead_worker_was_renewing_costs_a_letter_time_and_no_attempt()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, new QueueOptions { MaxAttempts = 1 });
        await rig.GrantAsync("old", TimeSpan.FromMinutes(1), "refresh-1");
        await rig.Office.WriteAsync(tx => tx.For(rig.Office.Organisation).Execute(
            "UPDATE oauth_grant SET renewing_until = @until, epoch = epoch + 1 WHERE organisation_id = @organisation",
            new { until = rig.Office.Temp.Time.GetUtcNow().AddMinutes(1) }));
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Waiting, 0L, "The grant is being renewed by another worker"), (row.State, row.Attempts, row.StateReason));

        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(row.Id));
        Assert.Single(rig.Server.Mails);
    }

    [Theory]
    [InlineData("")] // closed without a word
    [InlineData("250 2.0")] // half a word
    [InlineData("250-2.0.0 more to come\r\n")] // a reply that never ends, then closed
    public async Task An_answer_lost_after_the_dot_is_unclear_and_never_due_again(string reply)
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.DotReply = reply;
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Unclear, null), (row.State, row.DueAt));
        Assert.Equal("FinalDot", Assert.Single(await rig.Office.AttemptsAsync(row.Id)).LastStep);
        rig.Office.Temp.Time.Advance(TimeSpan.FromDays(3));
        Assert.False(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Single(rig.Server.Mails);
    }

    /// <summary>Longer than any number of tries: the answer is in nobody else's hands.</summary>
    [Fact]
    public async Task An_answer_is_written_down_once_the_store_is_back_however_long_it_was_away()
    {
        await using var rig = await SendingRig.OpenAsync();
        var asked = 0;
        var store = new FaultyStore(rig.Office.Temp.Store)
        {
            FaultNow = () => !rig.Server.Mails.IsEmpty && ++asked < 100 ? new StoreUnavailable("away", diskFull: false, new IOException()) : null,
        };
        var dispatch = rig.NewDispatch(new Letters(store, new Alone(), rig.Office.Signals, Audit.Record, rig.Office.Options, rig.Office.Temp.Time));
        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var owner = await rig.Office.OwnerAsync();
        var sent = dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel);
        while (!sent.IsCompleted)
        {
            rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        Assert.True(await sent);
        Assert.Equal((LetterState.Settled, 100, 1), ((await rig.Office.RowAsync(letter)).State, asked, rig.Server.Mails.Count));
    }

    [Theory]
    [InlineData("432 4.3.2 Concurrent connections limit exceeded", LetterState.Waiting)]
    [InlineData("552 5.3.4 Message size exceeds fixed maximum message size", LetterState.Dead)]
    [InlineData("554 5.2.252 SendAsDenied", LetterState.Blocked)]
    public async Task A_complete_answer_after_the_dot_is_believed(string reply, object state)
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.DotReply = $"{reply}\r\n";
        var row = await rig.SendOneAsync();
        Assert.Equal(((LetterState)state, reply), (row.State, row.StateReason));
    }

    [Fact]
    public async Task A_limit_of_the_day_makes_the_letter_wait_as_long_as_it_asks_for()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.DotReply = "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed\r\n";
        var row = await rig.SendOneAsync();
        Assert.Equal(LetterState.Waiting, row.State);
        Assert.True(row.DueAt >= rig.Office.Temp.Time.GetUtcNow().AddHours(1));
    }

    /// <summary>The sign-in is accepted, so no probe sees when it is mended: one letter tries each hour, and the rest follow it.</summary>
    [Fact]
    public async Task What_an_administrator_must_mend_holds_the_letters_until_one_of_them_leaves()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.DotReply = "554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException\r\n";
        LetterRow[] held = [await rig.SendOneAsync(), await rig.SendOneAsync(), await rig.SendOneAsync()];
        Assert.All(held, row => Assert.Equal((LetterState.Blocked, 0L), (row.State, row.Attempts)));
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());

        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await rig.Office.Recovery.SweepAsync(TempStore.Cancel));
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await rig.Office.Recovery.SweepAsync(TempStore.Cancel));
        rig.Server.DotReply = "250 2.0.0 OK\r\n";
        var owner = await rig.Office.OwnerAsync();
        Assert.True(await rig.Dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel));
        Assert.False(await rig.Dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel));
        Assert.Equal(2, await rig.Office.Recovery.SweepAsync(TempStore.Cancel));
        while (await rig.Dispatch.SendNextAsync(owner, rig.Pool, TempStore.Cancel)) { }
        foreach (var letter in held) Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(letter.Id));
    }

    [Fact]
    public async Task A_failure_before_the_dot_is_tried_later()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.DataReply = "421 4.3.2 Shutting down\r\n";
        Assert.Equal(LetterState.Waiting, (await rig.SendOneAsync()).State);
        await rig.Server.DisposeAsync();
        var row = await rig.SendOneAsync();
        Assert.Equal(LetterState.Waiting, row.State);
        Assert.NotNull(row.DueAt);
    }

    [Fact]
    public async Task Recipients_are_answered_one_by_one()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.RecipientReply = address => address[0] switch
        {
            'a' => "250 2.1.5 OK",
            'b' => "550 5.1.1 No such user",
            _ => "450 4.2.1 Busy",
        };
        var row = await rig.SendOneAsync(letter => letter with { Recipients = ["a@fabrikam.example", "b@fabrikam.example", "c@fabrikam.example"] });
        Assert.Equal(LetterState.Waiting, row.State);
        Assert.Equal(
            "a@fabrikam.example=accepted b@fabrikam.example=refused c@fabrikam.example=waiting", await rig.Office.RecipientsAsync(row.Id));
        var all = await rig.SendOneAsync(letter => letter with { Recipients = ["b@fabrikam.example"] });
        Assert.Equal((LetterState.Dead, "550 5.1.1 No such user"), (all.State, all.StateReason));
    }

    [Fact]
    public async Task A_refused_sign_in_blocks_the_letter_and_breaks_the_app_and_a_repair_sends_it()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.AuthReply = "535 5.7.139 Authentication unsuccessful";
        var blocked = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, 0L), (blocked.State, blocked.Attempts));
        Assert.Equal(AppState.Broken, await rig.Office.AppStateAsync());
        var connections = rig.Server.Connections;
        Assert.Equal(LetterState.Blocked, (await rig.SendOneAsync()).State); // without asking the server again
        Assert.Equal(connections, rig.Server.Connections);

        rig.Server.AuthReply = "235 2.7.0 Authentication successful";
        rig.Office.Temp.Time.Advance(TimeSpan.FromMinutes(1));
        var connected = Assert.IsType<ConnectOutcome.Connected>(await rig.Connect.ProveAgainAsync(await rig.AppAsync(), TempStore.Cancel));
        Assert.Equal(2, connected.Freed);
        Assert.True(await rig.Dispatch.SendNextAsync(await rig.Office.OwnerAsync(), rig.Pool, TempStore.Cancel));
        Assert.Single(rig.Server.Mails);
        Assert.Equal(AppState.Connected, await rig.Office.AppStateAsync());
    }

    [Fact]
    public async Task A_grant_that_broke_blocks_and_burns_nothing()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false, new QueueOptions { MaxAttempts = 1 });
        await rig.GrantAsync("old", TimeSpan.FromMinutes(-1), "refresh-1");
        rig.Authority.Fail(400, "invalid_grant", "AADSTS50173: The provided grant has expired", 50173);
        var row = await rig.SendOneAsync();
        Assert.Equal((LetterState.Blocked, 0L), (row.State, row.Attempts));
        Assert.Contains("trace-1", row.StateReason, StringComparison.Ordinal);
        Assert.Equal(0, rig.Server.Connections);
    }

    [Fact]
    public async Task A_password_signs_in_too()
    {
        await using var rig = await SendingRig.OpenAsync(withGrant: false);
        var password = rig.Office.Temp.Sealer.Seal("app", "password", rig.Office.Organisation, rig.Office.App, "open sesame");
        await rig.Office.WriteAsync(tx => tx.For(rig.Office.Organisation).Execute(
            "UPDATE app SET authentication = 'password', password = @password WHERE organisation_id = @organisation", new { password }));
        Assert.Equal(LetterState.Settled, (await rig.SendOneAsync()).State);
        Assert.Contains(rig.Server.Commands, line => line.StartsWith("AUTH PLAIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_workers_of_different_epochs_never_both_submit()
    {
        await using var rig = await SendingRig.OpenAsync();
        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var old = await rig.Office.OwnerAsync();
        var claimed = await rig.Office.ClaimAsync(old);
        var now = await rig.Office.OwnerAsync();
        await rig.Office.Recovery.TakeOverAsync(now, TempStore.Cancel);
        Assert.True(await rig.Dispatch.SendNextAsync(now, rig.Pool, TempStore.Cancel));

        await Assert.ThrowsAsync<OwnershipLost>(() => rig.Office.Letters.MarkSubmittingAsync(claimed, old, TempStore.Cancel));
        await Assert.ThrowsAsync<OwnershipLost>(() => rig.Dispatch.SendNextAsync(old, rig.NewPool(), TempStore.Cancel));
        Assert.Single(rig.Server.Mails);
        Assert.Equal(LetterState.Settled, await rig.Office.StateAsync(letter));
    }

    [Fact]
    public async Task An_owner_that_is_overtaken_while_the_server_thinks_cannot_settle_and_the_letter_stays_unclear()
    {
        await using var rig = await SendingRig.OpenAsync();
        rig.Server.BeforeDotReply = async () => await rig.Office.Recovery.TakeOverAsync(await rig.Office.OwnerAsync(), CancellationToken.None);
        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var old = await rig.Office.OwnerAsync();
        await Assert.ThrowsAsync<OwnershipLost>(() => rig.Dispatch.SendNextAsync(old, rig.Pool, TempStore.Cancel));
        Assert.Equal(LetterState.Unclear, await rig.Office.StateAsync(letter));
        Assert.Single(rig.Server.Mails);
    }

    [Fact]
    public async Task Where_a_connection_stands_what_is_claimed_is_submitting_in_the_same_write()
    {
        await using var rig = await SendingRig.OpenAsync();
        var owner = await rig.Office.OwnerAsync();
        var first = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var claimed = await rig.Dispatch.ClaimAsync(owner, rig.Pool, new LetterClaim(1), TempStore.Cancel);
        Assert.Equal(LetterState.Claimed, await rig.Office.StateAsync(first)); // nobody knows yet whether a server answers
        await await rig.Dispatch.SendAsync(claimed, (_, _) => { }, TempStore.Cancel);

        var second = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        claimed = await rig.Dispatch.ClaimAsync(owner, rig.Pool, new LetterClaim(1), TempStore.Cancel);
        Assert.Equal(LetterState.Submitting, await rig.Office.StateAsync(second)); // the bytes go next: silence is doubt
        await await rig.Dispatch.SendAsync(claimed, (_, _) => { }, TempStore.Cancel);
        Assert.Equal((LetterState.Settled, 1), (await rig.Office.StateAsync(second), rig.Server.Connections));
    }

    /// <summary>The server closed the kept connection meanwhile, and another cannot be had: nothing of the letter was said, so it waits.</summary>
    [Fact]
    public async Task A_letter_that_was_marked_and_finds_no_connection_waits_again()
    {
        await using var rig = await SendingRig.OpenAsync();
        await rig.SendOneAsync();
        var letter = await rig.Office.LetterAsync(await rig.Office.ConversationAsync());
        var claimed = await rig.Dispatch.ClaimAsync(await rig.Office.OwnerAsync(), rig.Pool, new LetterClaim(1), TempStore.Cancel);
        Assert.Equal(LetterState.Submitting, await rig.Office.StateAsync(letter));
        rig.Pool.Dispose();
        rig.Server.AuthReply = "454 4.7.0 Temporary authentication failure";
        await await rig.Dispatch.SendAsync(claimed, (_, _) => { }, TempStore.Cancel);
        Assert.Equal(LetterState.Waiting, await rig.Office.StateAsync(letter));
        Assert.Single(rig.Server.Mails);
    }
}
