using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Reading;

namespace Passerelle.Gateway.Tests.Reading;

public sealed class TurnsTests
{
    private static readonly Guid Ours = Id(1);
    private static readonly Guid Others = Id(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_oldest_in_work_waits_for_nobody_and_a_younger_one_for_all_older_ones_of_its_app()
    {
        var turns = new Turns();
        Receipt[] due = [Of(Ours, 10), Of(Others, 11), Of(Ours, 12), Of(Ours, 13)];
        foreach (var receipt in due) turns.Queue(receipt);
        Assert.True(turns.OldersOf(due[0]).IsCompleted);
        Assert.True(turns.OldersOf(due[1]).IsCompleted);
        var last = turns.OldersOf(due[3]);

        turns.End(due[2]);
        Assert.False(last.IsCompleted);
        turns.End(due[0]);
        await last.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task One_that_was_put_off_holds_nobody_up_and_gets_a_new_turn_later()
    {
        var turns = new Turns();
        Receipt[] due = [Of(Ours, 10), Of(Ours, 11)];
        foreach (var receipt in due) turns.Queue(receipt);
        turns.End(due[0]);
        turns.Queue(due[0]);
        Assert.False(turns.OldersOf(due[0]).IsCompleted);
        turns.End(due[1]);
        await turns.OldersOf(due[0]).WaitAsync(Patience, Cancel);
    }

    private static Guid Id(byte last) => new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);

    private static Receipt Of(Guid app, byte id) => new()
    {
        OrganisationId = Id(100),
        Id = Id(id),
        AppId = app,
        EnvelopeFrom = "",
        EnvelopeTo = "",
        RawId = Id(id),
        Size = 1,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Helo = "",
        RemoteAddress = "",
        Tls = "",
        SessionId = "",
    };
}
