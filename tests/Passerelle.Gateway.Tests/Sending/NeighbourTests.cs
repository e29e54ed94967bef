using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Budgets;

namespace Passerelle.Gateway.Tests.Sending;

/// <summary>Connections of one app over two nodes stay within what its mailbox may have.</summary>
public sealed class NeighbourTests
{
    [Fact]
    public async Task Beside_another_node_one_connection_is_left_for_whoever_takes_the_app_over_and_he_begins_with_one()
    {
        await using var rig = await SendingRig.OpenAsync();
        var hasNeighbours = true;
        var time = rig.Office.Temp.Time;
        var owner = await rig.Office.OwnerAsync();
        using var sender = Sender(null);
        Assert.Equal(2, sender.Connections);
        hasNeighbours = false;
        Assert.Equal(3, sender.Connections);

        hasNeighbours = true;
        using var heir = Sender(time.GetUtcNow().AddMinutes(10));
        Assert.Equal(1, heir.Connections); // with the two of the other node: three
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, heir.Connections);

        AppSender Sender(DateTimeOffset? quietUntil) => new(
            owner, rig.Dispatch, rig.NewPool(),
            new SendingBudget(BudgetLimits.Of("microsoft365", new SendingOptions(), null), [], new DayUse([], time), null, time), quietUntil, time)
        {
            HasNeighbours = () => hasNeighbours,
        };
    }
}
