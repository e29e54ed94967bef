using CsCheck;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Tests.Queue;

/// <summary>Whatever happens in whatever order, a letter is never handed over twice without a person having said so.</summary>
public sealed class LetterPropertyTests
{
    private static readonly Gen<Event[]> Events = Gen.Enum<Event>().Array[5, 25];

    private enum Event
    {
        Claim,
        Mark,
        Accept,
        Defer,
        Block,
        Doubt,
        TakeOver,
        Sweep,
        Wait,
        Repair,
    }

    [Fact]
    public async Task A_letter_that_may_have_left_is_never_submitted_again() =>
        await Events.SampleAsync(async events => await PlayAsync(events), iter: 60, threads: 1);

    [Fact]
    public void Every_outcome_leads_to_exactly_one_state_and_only_waiting_letters_are_due() =>
        Gen.Select(Gen.Long[1, 60], Gen.Double[0, 0.999], Gen.Int[0, 4]).Sample((attempts, spread, kind) =>
        {
            var now = DateTimeOffset.UnixEpoch.AddYears(56);
            var options = new QueueOptions();
            SendOutcome outcome = kind switch
            {
                0 => new SendOutcome.Accepted("250 OK", []),
                1 => new SendOutcome.Deferred("later", TimeSpan.FromMinutes(5)),
                2 => new SendOutcome.Refused("550 no"),
                3 => new SendOutcome.Blocked(PostOffice.Broken),
                _ => new SendOutcome.Unclear("silence"),
            };
            var fate = LetterSettling.Decide(options, Claimed(attempts, now), outcome, now, spread);
            Assert.Equal(fate.State == "waiting", fate.DueAt is not null);
            Assert.Equal(fate.State is "settled" or "dead", fate.SettledAt is not null);
            if (fate.DueAt is { } due) Assert.InRange(due - now, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1.5));
            Assert.Equal(kind is 1 && attempts >= options.MaxAttempts, fate.State == "dead" && kind is 1);
        });

    private static async Task PlayAsync(Event[] events)
    {
        await using var office = await PostOffice.OpenAsync();
        var letter = await office.LetterAsync(await office.ConversationAsync());
        var owner = await office.OwnerAsync();
        ClaimedLetter? claimed = null;
        var handedOver = 0; // times the final dot may have gone out
        foreach (var next in events)
        {
            try
            {
                switch (next)
                {
                    case Event.Claim:
                        claimed = await office.Letters.ClaimAsync(owner, TempStore.Cancel) ?? claimed;
                        break;
                    case Event.Mark when claimed is not null:
                        await office.Letters.MarkSubmittingAsync(claimed, owner, TempStore.Cancel);
                        handedOver++;
                        break;
                    case Event.Accept when claimed is not null && await office.StateAsync(letter) is LetterState.Submitting:
                        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Accepted("250 OK", []), TempStore.Cancel);
                        break;
                    case Event.Defer when claimed is not null && await office.StateAsync(letter) is LetterState.Claimed:
                        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Deferred("later"), TempStore.Cancel);
                        break;
                    case Event.Block when claimed is not null && await office.StateAsync(letter) is LetterState.Claimed:
                        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Blocked(PostOffice.Broken), TempStore.Cancel);
                        break;
                    case Event.Doubt when claimed is not null && await office.StateAsync(letter) is LetterState.Submitting:
                        await office.Letters.SettleAsync(claimed, owner, new SendOutcome.Unclear("silence"), TempStore.Cancel);
                        break;
                    case Event.TakeOver:
                        owner = await office.OwnerAsync();
                        await office.Recovery.TakeOverAsync(owner, TempStore.Cancel);
                        break;
                    case Event.Sweep:
                        await office.Recovery.SweepAsync(TempStore.Cancel);
                        break;
                    case Event.Wait:
                        office.Temp.Time.Advance(TimeSpan.FromMinutes(90));
                        break;
                    case Event.Repair:
                        await office.WriteAsync(tx => Letters.Unblock(tx, office.Organisation, office.App, office.Temp.Time.GetUtcNow()));
                        break;
                    default:
                        break;
                }
            }
            catch (OwnershipLost)
            {
                // the answer that a stale worker must get
            }
            Assert.InRange(handedOver, 0, 1);
            var row = await office.RowAsync(letter);
            Assert.Equal(row.State is LetterState.Waiting, row.DueAt is not null);
        }
    }

    private static ClaimedLetter Claimed(long attempts, DateTimeOffset now) => new(
        new LetterRow
        {
            OrganisationId = Guid.Empty,
            AppId = Guid.Empty,
            Id = Guid.Empty,
            ConversationId = Guid.Empty,
            Sequence = 1,
            State = LetterState.Claimed,
            StateReason = "",
            Epoch = 1,
            Attempts = attempts,
            RawId = Guid.Empty,
            Origin = NewLetter.Flow,
            Correspondent = "",
            Subject = "",
            InternetId = "",
            CreatedAt = now,
        },
        attempts,
        now,
        ["ann@fabrikam.example"]);
}
