using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Budgets;

namespace Passerelle.Gateway.Tests.Sending;

public sealed class AppSenderTests
{
    [Fact]
    public async Task An_answer_does_not_wait_for_the_turn_of_bulk()
    {
        await using var rig = await SendingRig.OpenAsync();
        for (var number = 0; number < 3; number++) await WriteAsync(rig, LetterLane.Bulk);
        using var stop = new CancellationTokenSource();
        using var sender = await SenderAsync(rig, perMinute: 30);
        sender.Start(LetterLane.Bulk, _ => Assert.Fail("Nobody else owns the app"), stop.Token);
        await UntilAsync(rig, mails: 1);

        await WriteAsync(rig, LetterLane.Answer);
        sender.Start(LetterLane.Answer, _ => Assert.Fail("Nobody else owns the app"), stop.Token);
        await UntilAsync(rig, mails: 2);
        Assert.Equal(["settled 0", "settled 2", "waiting 2", "waiting 2"], await StatesAsync(rig));

        await stop.CancelAsync();
        await sender.FinishAsync();
    }

    /// <summary>The clock is moved by one turn at a time, once the letter before has left.</summary>
    [Fact]
    public async Task Bulk_goes_on_by_itself_over_one_connection_and_ends()
    {
        await using var rig = await SendingRig.OpenAsync();
        for (var number = 0; number < 4; number++) await WriteAsync(rig, LetterLane.Bulk);
        using var sender = await SenderAsync(rig, perMinute: 30);
        sender.Start(LetterLane.Bulk, _ => Assert.Fail("Nobody else owns the app"), TempStore.Cancel);
        for (var left = 1; left <= 4; left++)
        {
            await UntilAsync(rig, mails: left);
            rig.Office.Temp.Time.Advance(TimeSpan.FromSeconds(2));
        }
        for (var finished = sender.FinishAsync(); !finished.IsCompleted; await StatesAsync(rig)) rig.Office.Temp.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal((4, 1), (rig.Server.Mails.Count, rig.Server.Connections));
    }

    [Fact]
    public async Task What_is_urgent_leaves_over_as_many_connections_as_there_may_be()
    {
        await using var rig = await SendingRig.OpenAsync();
        for (var number = 0; number < 6; number++) await WriteAsync(rig, LetterLane.Answer);
        var together = new TaskCompletionSource();
        var begun = 0;
        rig.Server.BeforeDotReply = () =>
        {
            if (Interlocked.Increment(ref begun) == 3) together.SetResult();
            return together.Task;
        };
        using var stop = new CancellationTokenSource();
        using var sender = await SenderAsync(rig, perMinute: 30);
        sender.Start(LetterLane.Answer, _ => Assert.Fail("Nobody else owns the app"), stop.Token);
        await UntilAsync(rig, mails: 6);
        Assert.Equal(3, rig.Server.Connections);
        await stop.CancelAsync();
        await sender.FinishAsync();
    }

    /// <summary>A fast server: letters are claimed while others travel, and these are what could stay behind.</summary>
    [Fact]
    public async Task Whoever_is_told_to_end_leaves_no_letter_in_hand()
    {
        await using var rig = await SendingRig.OpenAsync();
        for (var number = 0; number < 60; number++) await WriteAsync(rig, LetterLane.Ordinary);
        var (many, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        rig.Server.BeforeDotReply = async () =>
        {
            if (rig.Server.Mails.Count < 30) return;
            many.TrySetResult();
            await go.Task;
        };
        using var sender = await SenderAsync(rig, perMinute: 1000, connections: 1);
        sender.Start(LetterLane.Ordinary, _ => Assert.Fail("Nobody else owns the app"), TempStore.Cancel);
        await many.Task;
        var ending = sender.EndAsync();
        go.SetResult();
        await ending;

        var states = (await StatesAsync(rig)).CountBy(state => state).ToDictionary();
        Assert.Equal(rig.Server.Mails.Count, states["settled 1"]);
        Assert.Equal(60 - rig.Server.Mails.Count, states["waiting 1"]);
    }

    private static async Task<AppSender> SenderAsync(SendingRig rig, int perMinute, int connections = 3) => new(
        await rig.Office.OwnerAsync(), rig.Dispatch, rig.Pool,
        new SendingBudget(new BudgetLimits(connections, perMinute, null), [], new DayUse([], rig.Office.Temp.Time), null, rig.Office.Temp.Time), null, rig.Office.Temp.Time);

    private static async Task WriteAsync(SendingRig rig, LetterLane lane) =>
        await rig.Office.LetterAsync(await rig.Office.ConversationAsync(), letter => letter with { Lane = lane });

    private static async Task UntilAsync(SendingRig rig, int mails)
    {
        while (!(rig.Server.Mails.Count == mails && (await StatesAsync(rig)).Count(state => state.StartsWith("settled", StringComparison.Ordinal)) == mails))
        {
            // looks again
        }
    }

    private static Task<List<string>> StatesAsync(SendingRig rig) => rig.Office.Temp.Store.ReadAsync(
        tx => tx.For(rig.Office.Organisation).List<string>("SELECT state || ' ' || lane FROM letter WHERE organisation_id = @organisation ORDER BY 1"), TempStore.Cancel);
}
