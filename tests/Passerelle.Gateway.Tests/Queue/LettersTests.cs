using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Tests.Cluster;

namespace Passerelle.Gateway.Tests.Queue;

public sealed class LettersTests
{
    [Fact]
    public async Task A_letter_is_claimed_marked_and_settled_and_keeps_the_servers_words()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();

        var claimed = await office.ClaimAsync(owner);
        Assert.Equal(letter, claimed.Id);
        Assert.Equal(["ann@fabrikam.example"], claimed.Recipients);
        Assert.Null(await office.Letters.ClaimAsync(owner, TempStore.Cancel));
        await office.Letters.MarkSubmittingAsync(claimed, owner, TempStore.Cancel);
        Assert.Equal(LetterState.Submitting, await office.StateAsync(letter));
        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Accepted("250 2.0.0 OK", []) { Last = SubmissionStep.Reply }, TempStore.Cancel);

        Assert.Equal(LetterState.Settled, await office.StateAsync(letter));
        Assert.Equal("ann@fabrikam.example=accepted", await office.RecipientsAsync(letter));
        var attempt = Assert.Single(await office.AttemptsAsync(letter));
        Assert.Equal(("accepted", "Reply", "250 2.0.0 OK"), (attempt.Outcome, attempt.LastStep, attempt.Words));
    }

    [Fact]
    public async Task Letters_of_a_conversation_leave_in_order_and_of_others_side_by_side()
    {
        await using var office = await PostOffice.OpenAsync();
        var one = await office.ConversationAsync();
        var first = await office.LetterAsync(one);
        office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await office.LetterAsync(one);
        office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        var other = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();

        var claimed = await office.ClaimAsync(owner);
        Assert.Equal(first, claimed.Id);
        Assert.Equal(other, (await office.ClaimAsync(owner)).Id);
        Assert.Null(await office.Letters.ClaimAsync(owner, TempStore.Cancel));
        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Refused("550 5.1.1 No"), TempStore.Cancel);
        Assert.Equal(second, (await office.ClaimAsync(owner)).Id);
        Assert.Equal(1, (await office.RowAsync(first)).Sequence);
        Assert.Equal(2, (await office.RowAsync(second)).Sequence);
    }

    [Fact]
    public async Task An_older_epoch_claims_marks_and_settles_nothing()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var old = await office.OwnerAsync();
        var claimed = await office.ClaimAsync(old);
        var now = await office.OwnerAsync();

        await Assert.ThrowsAsync<OwnershipLost>(() => office.Letters.ClaimAsync(old, TempStore.Cancel));
        await Assert.ThrowsAsync<OwnershipLost>(() => office.Letters.MarkSubmittingAsync(claimed, old, TempStore.Cancel));
        await Assert.ThrowsAsync<OwnershipLost>(() => office.Letters.SettleAsync(
            claimed, old, new SendOutcome.Accepted("250 OK", []), TempStore.Cancel));

        await office.Recovery.TakeOverAsync(now, TempStore.Cancel);
        Assert.Equal(LetterState.Waiting, await office.StateAsync(letter));
        Assert.Equal(2, (await office.ClaimAsync(now)).Number); // a crash half-way still counts
    }

    [Fact]
    public async Task A_letter_found_submitting_under_an_older_epoch_is_unclear_and_never_due_again()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var old = await office.OwnerAsync();
        await office.Letters.MarkSubmittingAsync(await office.ClaimAsync(old), old, TempStore.Cancel);
        var now = await office.OwnerAsync();

        var taken = await office.Recovery.TakeOverAsync(now, TempStore.Cancel);

        Assert.NotNull(taken.QuietUntil); // the old owner may still have a connection
        Assert.Single(taken.Started);
        Assert.Equal(LetterState.Unclear, await office.StateAsync(letter));
        office.Temp.Time.Advance(TimeSpan.FromDays(30));
        Assert.Null(await office.Letters.ClaimAsync(now, TempStore.Cancel));
    }

    /// <summary>A frozen node keeps what it had open, though it has nothing in hand.</summary>
    [Theory]
    [InlineData("mail-b", true)]
    [InlineData("", false)] // alone: the last process of this machine has left nothing open
    public async Task Who_takes_an_app_over_from_another_node_reckons_with_its_idle_connections(string node, bool reckons)
    {
        await using var office = await PostOffice.OpenAsync();
        await office.LetterAsync(await office.ConversationAsync());
        var old = await office.OwnerAsync();
        await office.Letters.SettleAsync(await office.ClaimAsync(old), old, new SendOutcome.Accepted("250 OK", []), TempStore.Cancel);
        office.Temp.Time.Advance(TimeSpan.FromMinutes(4));
        var recovery = new LetterRecovery(office.Temp.Store, new NodeOf(node, ""), office.Signals, office.Options, office.Temp.Time);

        var taken = await recovery.TakeOverAsync(await office.OwnerAsync(), TempStore.Cancel);
        Assert.Equal(reckons ? office.Temp.Time.GetUtcNow().AddMinutes(6) : null, taken.QuietUntil);

        office.Temp.Time.Advance(TimeSpan.FromMinutes(7));
        Assert.Null((await recovery.TakeOverAsync(await office.OwnerAsync(), TempStore.Cancel)).QuietUntil);
    }

    [Fact]
    public async Task Past_the_deadline_a_submitting_letter_is_unclear_and_a_claimed_one_waits_again()
    {
        await using var office = await PostOffice.OpenAsync();
        var first = await office.LetterAsync(await office.ConversationAsync());
        office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        var hung = await office.ClaimAsync(owner);
        await office.Letters.MarkSubmittingAsync(hung, owner, TempStore.Cancel);
        var slow = await office.ClaimAsync(owner);

        Assert.Equal(0, await office.Recovery.SweepAsync(TempStore.Cancel));
        office.Temp.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(2, await office.Recovery.SweepAsync(TempStore.Cancel));

        Assert.Equal(LetterState.Unclear, await office.StateAsync(first));
        Assert.Equal(LetterState.Waiting, await office.StateAsync(second));
        await Assert.ThrowsAsync<OwnershipLost>(() => office.Letters.MarkSubmittingAsync(slow, owner, TempStore.Cancel));
        // The answer came after all: a complete reply is better than doubt.
        await office.Letters.SettleAsync(hung, owner, new SendOutcome.Accepted("250 OK", []), TempStore.Cancel);
        Assert.Equal(LetterState.Settled, await office.StateAsync(first));
    }

    [Fact]
    public async Task A_temporary_answer_is_tried_later_each_time_later_and_in_the_end_a_person_sees_it()
    {
        await using var office = await PostOffice.OpenAsync(new QueueOptions { MaxAttempts = 3 });
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var claimed = await office.ClaimAsync(owner);
            await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Deferred("432 4.3.2 Later"), TempStore.Cancel);
            Assert.Null(await office.Letters.ClaimAsync(owner, TempStore.Cancel));
            office.Temp.Time.Advance(TimeSpan.FromHours(2));
        }
        var row = await office.RowAsync(letter);
        Assert.Equal((LetterState.Dead, "432 4.3.2 Later"), (row.State, row.StateReason));

        Assert.Equal(LetterChange.Done, await office.Actions.RequeueAsync(office.Organisation, letter, TempStore.Cancel));
        Assert.Equal(LetterChange.Conflict, await office.Actions.RequeueAsync(office.Organisation, letter, TempStore.Cancel));
        Assert.Equal(4, (await office.ClaimAsync(owner)).Number);
    }

    [Fact]
    public async Task A_broken_grant_blocks_without_burning_the_attempt_and_a_repaired_one_sets_free()
    {
        await using var office = await PostOffice.OpenAsync(new QueueOptions { MaxAttempts = 1 });
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        var claimed = await office.ClaimAsync(owner);
        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Blocked(PostOffice.Broken), TempStore.Cancel);

        var row = await office.RowAsync(letter);
        Assert.Equal((LetterState.Blocked, 0L, null), (row.State, row.Attempts, row.DueAt));
        Assert.Equal(AppState.Broken, await office.AppStateAsync());

        await office.WriteAsync(tx => Letters.Unblock(tx, office.Organisation, office.App, office.Temp.Time.GetUtcNow()));
        Assert.Equal(letter, (await office.ClaimAsync(owner)).Id);
    }

    [Fact]
    public async Task A_finding_older_than_the_repair_blocks_nothing()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        var claimed = await office.ClaimAsync(owner);
        office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        await office.WriteAsync(tx => AppStates.Connect(tx, office.Organisation, office.App, "", office.Temp.Time.GetUtcNow()));

        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Blocked(PostOffice.Broken), TempStore.Cancel);

        Assert.Equal(LetterState.Waiting, await office.StateAsync(letter));
        Assert.Equal(AppState.Connected, await office.AppStateAsync());
    }

    [Fact]
    public async Task Only_the_recipients_that_were_put_off_are_tried_again()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(
            await office.ConversationAsync(),
            one => one with { Recipients = ["a@fabrikam.example", "b@fabrikam.example", "c@fabrikam.example"] });
        var owner = await office.OwnerAsync();
        RefusedRecipient[] refused = [new("b@fabrikam.example", "550 5.1.1 No", false), new("c@fabrikam.example", "450 4.2.1 Busy", true)];
        await office.Letters.SettleAsync(
            await office.ClaimAsync(owner), owner, new SendOutcome.Accepted("250 OK", refused), TempStore.Cancel);
        Assert.Equal(
            "a@fabrikam.example=accepted b@fabrikam.example=refused c@fabrikam.example=waiting",
            await office.RecipientsAsync(letter));

        office.Temp.Time.Advance(TimeSpan.FromHours(1));
        var again = await office.ClaimAsync(owner);
        Assert.Equal(["c@fabrikam.example"], again.Recipients);
        await office.Letters.SettleAsync(again, owner, new SendOutcome.Accepted("250 OK", []), TempStore.Cancel);
        Assert.Equal(LetterState.Settled, await office.StateAsync(letter));
    }

    [Fact]
    public async Task An_unclear_letter_is_resolved_by_a_person_and_not_by_a_strangers_organisation()
    {
        await using var office = await PostOffice.OpenAsync();
        var first = await office.LetterAsync(await office.ConversationAsync());
        office.Temp.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        for (var i = 0; i < 2; i++)
        {
            await office.Letters.SettleAsync(await office.ClaimAsync(owner), owner, new SendOutcome.Unclear("no answer"), TempStore.Cancel);
        }
        var stranger = await office.Temp.OrganisationAsync("Fabrikam");
        Assert.Equal(LetterChange.Unknown, await office.Actions.ResolveAsNotLeftAsync(stranger, first, "", TempStore.Cancel));
        Assert.Equal(LetterChange.Done, await office.Actions.ResolveAsNotLeftAsync(office.Organisation, first, "", TempStore.Cancel));
        Assert.Equal(LetterChange.Done, await office.Actions.ResolveAsLeftAsync(office.Organisation, second, "in Sent Items", TempStore.Cancel));
        Assert.Equal(LetterState.Settled, await office.StateAsync(second));
        Assert.Equal(first, (await office.ClaimAsync(owner)).Id);
    }

    [Fact]
    public async Task A_paused_app_sends_nothing_and_a_waiting_letter_can_be_cancelled()
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        Assert.Single(await office.Letters.DueAsync(TempStore.Cancel));
        await office.Temp.Apps.PauseAsync(office.Organisation, office.App, "holiday", TempStore.Cancel);

        Assert.Null(await office.Letters.ClaimAsync(owner, TempStore.Cancel));
        Assert.Empty(await office.Letters.DueAsync(TempStore.Cancel));
        Assert.Equal(LetterChange.Done, await office.Actions.CancelAsync(office.Organisation, letter, "not needed", TempStore.Cancel));
        Assert.Equal(LetterState.Dead, await office.StateAsync(letter));
    }
}
