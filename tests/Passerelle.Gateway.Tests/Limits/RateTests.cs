using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Limits;

namespace Passerelle.Gateway.Tests.Limits;

public sealed class RateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void As_many_as_a_minute_allows_may_come_at_once_and_the_next_when_its_share_has_passed()
    {
        var rate = new Rate<string>(6, _time);
        Assert.Equal(6, Enumerable.Range(0, 20).Count(_ => rate.TryTake("a")));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(rate.TryTake("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(rate.TryTake("a"));
        Assert.False(rate.TryTake("a"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(6, Enumerable.Range(0, 20).Count(_ => rate.TryTake("a"))); // nothing is saved up
    }

    [Fact]
    public void One_key_takes_nothing_from_another_and_no_bound_is_none()
    {
        var rate = new Rate<string>(1, _time);
        Assert.True(rate.TryTake("a") && rate.TryTake("b"));
        Assert.False(rate.TryTake("a") || rate.TryTake("b"));
        var free = new Rate<string>(0, _time);
        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.True(free.TryTake("a")));
    }

    [Fact]
    public void A_million_keys_do_not_stay()
    {
        var rate = new Rate<int>(1, _time);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var key = 0; key < 1_000_000; key++) rate.TryTake(key);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30_000_000);
        GC.KeepAlive(rate);
    }
}
