using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Tests.Queue;

public sealed class RushTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_rush_nobody_waits()
    {
        var rush = new Rush(_time);
        for (var mail = 0; mail < 9; mail++) rush.Took();
        await rush.PassAsync(_time.GetUtcNow(), Cancel);
    }

    [Fact]
    public void Ten_mails_at_once_are_a_rush_that_ends_when_no_more_come()
    {
        var rush = new Rush(_time);
        for (var mail = 0; mail < 10; mail++) rush.Took();
        var passing = rush.PassAsync(_time.GetUtcNow(), Cancel);
        Assert.False(passing.IsCompleted);

        for (var i = 0; i < 3; i++) _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(passing.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_has_waited_long_enough_waits_no_longer_however_many_come()
    {
        var rush = new Rush(_time);
        var since = _time.GetUtcNow();
        var turns = 0;
        Hurry();
        var passing = rush.PassAsync(since, Cancel);
        for (; !passing.IsCompleted && turns < 1000; turns++)
        {
            Hurry();
            _time.Advance(TimeSpan.FromMilliseconds(25));
        }
        Assert.InRange(turns, 390, 410);

        void Hurry()
        {
            for (var mail = 0; mail < 10; mail++) rush.Took();
        }
    }
}
