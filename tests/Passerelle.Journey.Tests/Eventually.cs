namespace Passerelle.Journey.Tests;

/// <summary>Asks until the answer is there, for half a minute at most.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="what">Completes the sentence "… did not happen".</param>
    /// <param name="ask">Null, or false: not yet.</param>
    /// <param name="instead">What there was at last, for the sentence.</param>
    public static async Task<T> SeesAsync<T>(string what, Func<CancellationToken, Task<T?>> ask, Func<string>? instead = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                if (await ask(patience.Token) is { } answer and not false) return answer;
                await Task.Delay(Pause, patience.Token);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                Assert.Fail($"{what}: did not happen within {Patience.TotalSeconds:0} seconds; instead there was {instead?.Invoke() ?? "nothing to show"}");
            }
        }
    }
}
