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

    /// <summary>The clock is moved as far as the wait for each turn needs: all bulk leaves, over one connection.</summary>
    [Fact]
    public async Task Bulk_goes_on_by_itself_over_one_connection_and_ends()
    {
        await using var rig = await SendingRig.OpenAsync();
        for (var number = 0; number < 4; number++) await WriteAsync(rig, LetterLane.Bulk);
        using var sender = await SenderAsync(rig, perMinute: 30);
        sender.Start(LetterLane.Bulk, _ => Assert.Fail("Nobody else owns the app"), TempStore.Cancel);
        while ((await StatesAsync(rig)).Exists(state => state != "settled 2")) rig.Office.Temp.Time.Advance(TimeSpan.FromMilliseconds(100));
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
        using var sender = await SenderAsync(rig, perMinute: 30);
        sender.Start(LetterLane.Answer, _ => Assert.Fail("Nobody else owns the app"), TempStore.Cancel);
        await sender.FinishAsync();
        Assert.Equal((6, 3), (rig.Server.Mails.Count, rig.Server.Connections));
    }

    private static async Task<AppSender> SenderAsync(SendingRig rig, int perMinute) => new(
        await rig.Office.OwnerAsync(), rig.Dispatch, rig.Pool,
        new SendingBudget(new BudgetLimits(3, perMinute, null), [], new DayUse([], rig.Office.Temp.Time), null, rig.Office.Temp.Time), null, rig.Office.Temp.Time);

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
