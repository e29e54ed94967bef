using Microsoft.AspNetCore.Components;
using Passerelle.Gateway.Queue;

namespace Passerelle.Gateway.Portal.Live;

/// <summary>A page that shows what is true now: reads again whenever a stage signals, and every two seconds by itself.</summary>
public abstract class LivePage : PortalPage, IAsyncDisposable
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _left = new();
    private Task _watching = Task.CompletedTask;

    [Inject] private Signals Signals { get; set; } = null!;

    private protected CancellationToken Left => _left.Token;

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _watching = WatchAsync();
    }

    private async Task WatchAsync()
    {
        using var listener = Signals.Views.Listen();
        try
        {
            while (!Left.IsCancellationRequested)
            {
                await listener.WaitAsync(AtMost, Time, Left);
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // the reader left the page
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await _watching;
        _left.Dispose();
        GC.SuppressFinalize(this);
    }
}
