using Microsoft.Extensions.Time.Testing;
using Passerelle.Gateway.Receiving;

namespace Passerelle.Gateway.Tests.Receiving;

public sealed class ReceiptIdsTests
{
    [Fact]
    public void Ids_ascend_even_within_one_millisecond_and_when_the_clock_goes_back()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };
        var ids = new ReceiptIds(time);
        var made = Enumerable.Range(0, 10_000).Select(_ => ids.Next()).ToList();
        var earlier = new ReceiptIds(new FakeTimeProvider(time.GetUtcNow().AddSeconds(-1)));
        Assert.Equal(made.OrderBy(id => id.ToString()), made);
        Assert.All(made, id => Assert.Equal(7, id.Version));
        Assert.True(earlier.Next().CompareTo(made[0]) < 0);
    }
}
