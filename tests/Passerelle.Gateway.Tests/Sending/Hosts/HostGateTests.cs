using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Sending.Hosts;

namespace Passerelle.Gateway.Tests.Sending.Hosts;

/// <summary>When a host is tried, and who tries it.</summary>
public sealed class HostGateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Noon);

    [Fact]
    public void It_closes_when_as_many_in_a_row_were_not_answered_and_not_sooner()
    {
        var gate = new HostGate(_time);
        for (var failure = 1; failure < HostGate.Most; failure++) Assert.False(Fail(gate));
        gate.Answered();
        for (var failure = 1; failure < HostGate.Most; failure++) Assert.False(Fail(gate));
        Assert.Null(gate.Absence);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Fail(gate));
        var absence = Assert.IsType<HostAbsence>(gate.Absence);
        Assert.Equal((Noon, "Refused"), (absence.Since, absence.Words));
        Assert.InRange(absence.NextTry - _time.GetUtcNow(), TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(6.25));
    }

    [Fact]
    public void While_it_is_closed_one_letter_tries_and_the_others_are_told_when_to_come_again()
    {
        var gate = Closed();
        var next = gate.Absence!.NextTry; // it is closed
        Assert.InRange(gate.Enter(isAnswer: true).ComeAgain!.Value, next, next + TimeSpan.FromSeconds(3));
        _time.SetUtcNow(next);
        var bulk = gate.Enter(isAnswer: false); // answers have the first two seconds
        Assert.InRange(bulk.ComeAgain!.Value, next + TimeSpan.FromSeconds(2), next + TimeSpan.FromSeconds(5));
        Assert.Equal(new HostEntry(IsTry: true, null), gate.Enter(isAnswer: true));
        Assert.NotNull(gate.Enter(isAnswer: true).ComeAgain);
        Assert.True(gate.Answered());
        Assert.Equal(new HostEntry(IsTry: false, null), gate.Enter(isAnswer: false));
    }

    [Fact]
    public void Where_nobody_waits_for_an_answer_bulk_tries_soon_after()
    {
        var gate = Closed();
        _time.SetUtcNow(gate.Absence!.NextTry.AddSeconds(2)); // it is closed
        Assert.True(gate.Enter(isAnswer: false).IsTry);
    }

    [Fact]
    public void Each_vain_try_makes_the_next_one_later_and_none_is_later_than_two_and_a_half_minutes()
    {
        var gate = Closed();
        var waits = new List<TimeSpan>();
        for (var tried = 0; tried < 8; tried++)
        {
            _time.SetUtcNow(gate.Absence!.NextTry); // it stays closed
            Assert.False(gate.Unanswered(gate.Enter(isAnswer: true), "Refused"));
            waits.Add(gate.Absence.NextTry - _time.GetUtcNow());
        }
        Assert.True(waits[0] < waits[1] && waits[1] < waits[2], string.Join(", ", waits));
        Assert.All(waits[3..], wait => Assert.InRange(wait, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(150)));
        Assert.Equal(Noon, gate.Absence!.Since);
    }

    [Fact]
    public void Connections_that_were_under_way_when_it_closed_do_not_push_the_try_away()
    {
        var gate = Closed();
        var next = gate.Absence!.NextTry; // it is closed
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Fail(gate));
        Assert.Equal(next, gate.Absence.NextTry);
    }

    [Fact]
    public void A_try_that_was_stopped_leaves_its_place_to_another()
    {
        var gate = Closed();
        _time.SetUtcNow(gate.Absence!.NextTry); // it is closed
        gate.Left(gate.Enter(isAnswer: true));
        Assert.True(gate.Enter(isAnswer: true).IsTry);
    }

    private HostGate Closed()
    {
        var gate = new HostGate(_time);
        for (var failure = 0; failure < HostGate.Most; failure++) Fail(gate);
        return gate;
    }

    private static bool Fail(HostGate gate) => gate.Unanswered(new HostEntry(IsTry: false, null), "Refused");
}
