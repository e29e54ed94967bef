namespace Passerelle.Gateway.Store.Sealing;

/// <summary>Before anything else starts: with the wrong key file nothing does.</summary>
internal sealed class KeyRingStart(KeyRing ring) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancel) => ring.OpenAsync(cancel);
    public Task StartAsync(CancellationToken cancel) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancel) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancel) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancel) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancel) => Task.CompletedTask;
}
