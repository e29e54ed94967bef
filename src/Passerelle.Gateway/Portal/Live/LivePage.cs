using Microsoft.AspNetCore.Components;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Portal.Live;

/// <summary>A page that shows what is true now: reads again whenever a stage signals, and every two seconds by itself.</summary>
public abstract class LivePage : PortalPage, IAsyncDisposable
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _left = new();
    private Task _watching = Task.CompletedTask;

    [Inject] private Signals Signals { get; set; } = null!;

    /// <summary>Kept beside its source: a command may still be on its way when the reader has left and the source is gone.</summary>
    private protected CancellationToken Left { get; }

    private protected LivePage() => Left = _left.Token;

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
                await InvokeAsync(LoadAgainAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // the reader left the page
        }
    }

    private async Task LoadAgainAsync()
    {
        try
        {
            await LoadAsync();
            StateHasChanged();
        }
        catch (StoreUnavailable)
        {
            // what is shown stays until the next round
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
