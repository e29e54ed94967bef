using Passerelle.Gateway.Api;

namespace Passerelle.Gateway.Commands.Keep;

/// <summary>Jobs and holds of the running server.</summary>
internal sealed class KeepingClient(OperatorClient client) : IAsyncDisposable
{
    public Task<JobView> PruneAsync(CancellationToken cancel) => client.AskAsync<JobView>(HttpMethod.Post, "/api/v1/jobs/prune", null, cancel);

    public Task<JobView> EraseAsync(string address, CancellationToken cancel) =>
        client.AskAsync<JobView>(HttpMethod.Post, "/api/v1/jobs/erase", new KeepingEndpoints.EraseOrder(address), cancel);

    public Task<JobView> ExportAsync(KeepingEndpoints.ExportOrder order, CancellationToken cancel) => client.AskAsync<JobView>(HttpMethod.Post, "/api/v1/jobs/export", order, cancel);

    /// <param name="file">Readable for nobody else; it must not exist.</param>
    public async Task DownloadAsync(Guid job, FileInfo file, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            await using var to = new FileStream(file.FullName, options);
            await client.DownloadAsync($"/api/v1/jobs/{job}/file", to, cancel);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"{file} cannot be written: {unwritable.Message} The export is done and can be downloaded as job {job}.");
        }
    }

    public Task<List<JobView>> JobsAsync(CancellationToken cancel) => client.AskAsync<List<JobView>>(HttpMethod.Get, "/api/v1/jobs", null, cancel);

    public Task<JobView> JobAsync(Guid id, CancellationToken cancel) => client.AskAsync<JobView>(HttpMethod.Get, $"/api/v1/jobs/{id}", null, cancel);

    /// <returns>As it stands then.</returns>
    public async Task<JobView> CancelAsync(Guid id, CancellationToken cancel)
    {
        await client.OrderAsync(HttpMethod.Post, $"/api/v1/jobs/{id}/cancel", null, cancel);
        return await JobAsync(id, cancel);
    }

    public Task<List<HoldView>> HoldsAsync(CancellationToken cancel) => client.AskAsync<List<HoldView>>(HttpMethod.Get, "/api/v1/holds", null, cancel);

    public Task<HoldView> PlaceAsync(KeepingEndpoints.HoldOrder order, CancellationToken cancel) => client.AskAsync<HoldView>(HttpMethod.Post, "/api/v1/holds", order, cancel);

    /// <returns>As it stands then.</returns>
    public async Task<HoldView> LiftAsync(Guid id, KeepingEndpoints.LiftOrder order, CancellationToken cancel)
    {
        await client.OrderAsync(HttpMethod.Post, $"/api/v1/holds/{id}/lift", order, cancel);
        return await client.AskAsync<HoldView>(HttpMethod.Get, $"/api/v1/holds/{id}", null, cancel);
    }

    /// <param name="name">Null: none is meant.</param>
    public async Task<Guid?> AppAsync(string? name, CancellationToken cancel) => name is null ? null : AppNames.Pick(await client.AppsAsync(cancel), name).Id;

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
