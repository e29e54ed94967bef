using Passerelle.Gateway.Cluster.Orleans;

namespace Passerelle.Gateway.Tests.Cluster;

/// <summary>How many apps a node gives away, and to whom.</summary>
public sealed class BalanceTests
{
    [Theory]
    [InlineData(1000, 0, 500)] // it came back
    [InlineData(12, 0, 6)]
    [InlineData(550, 450, 0)] // a tenth is no difference
    [InlineData(551, 449, 51)]
    [InlineData(2, 0, 0)]
    [InlineData(0, 1000, 0)]
    [InlineData(0, 0, 0)]
    public void Of_two_nodes_the_one_with_more_than_its_share_gives_the_rest(int own, int other, int given) => Assert.Equal(
        given == 0 ? null : ("mail-b", given),
        Balance.Plan("mail-a", new Dictionary<string, int> { ["mail-a"] = own, ["mail-b"] = other }));

    [Fact]
    public void Of_three_the_one_that_has_least_gets_no_more_than_its_share()
    {
        var owned = new Dictionary<string, int> { ["mail-a"] = 900, ["mail-b"] = 250, ["mail-c"] = 50 };
        Assert.Equal(("mail-c", 350), Balance.Plan("mail-a", owned));
        owned = new() { ["mail-a"] = 550, ["mail-b"] = 250, ["mail-c"] = 400 };
        Assert.Equal(("mail-b", 150), Balance.Plan("mail-a", owned));
        Assert.Null(Balance.Plan("mail-c", owned));
    }

    [Fact]
    public void A_node_alone_keeps_all() => Assert.Null(Balance.Plan("mail-a", new Dictionary<string, int> { ["mail-a"] = 1000 }));
}
