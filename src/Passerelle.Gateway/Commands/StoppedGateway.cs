using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Api;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;

namespace Passerelle.Gateway.Commands;

/// <summary>The product's own services on a data folder that no server uses: nothing listens and no worker runs.</summary>
internal sealed class StoppedGateway : IGateway
{
    private readonly WebApplication _app;
    private readonly string? _organisation;

    private StoppedGateway(WebApplication app, string? organisation)
    {
        _app = app;
        _organisation = organisation;
    }

    /// <summary>Takes the folder's lock until disposed.</summary>
    public static async Task<StoppedGateway> OpenAsync(string dataFolder, string? organisation, string[] settings, CancellationToken cancel)
    {
        var app = Build(dataFolder, settings);
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
            await app.Services.GetRequiredService<KeyRing>().OpenAsync(cancel);
            return new(app, organisation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Built, and nothing opened yet.</summary>
    public static WebApplication Build(string dataFolder, string[] settings) => GatewayApplication.Build(
    [
        "--Logging:LogLevel:Default=Warning",
        "--Logging:Console:LogToStandardErrorThreshold=Trace", // standard output is the command's own
        .. settings,
        $"--Store:DataFolder={dataFolder}",
    ]);

    public async Task<IReadOnlyList<AppView>> AppsAsync(CancellationToken cancel)
    {
        var organisation = await OrganisationAsync(cancel); // first: without one there is no installation either
        var callback = (await Get<Installations>().GetAsync(cancel)).CallbackUrl;
        return (await Get<EmailApps>().ListAsync(organisation, cancel)).ConvertAll(app => AppView.Of(app, callback));
    }

    public async Task<IReadOnlyList<Finding>> ExamineAsync(Guid appId, CancellationToken cancel) =>
        await Get<Examination>().ExamineAsync(await OrganisationAsync(cancel), appId, cancel)
        ?? throw new CommandFault($"There is no app {appId} any more.");

    public async Task<string> ExportAsync(Guid? appId, CancellationToken cancel) =>
        await Get<AppDocuments>().ExportAsync(await OrganisationAsync(cancel), appId, cancel) ?? throw new CommandFault($"There is no app {appId} any more.");

    public async Task<ApplyAnswer> ApplyAsync(ApplyOrder order, CancellationToken cancel)
    {
        var caller = new Caller(await OrganisationAsync(cancel), null, Caller.Admin, "operator", "", []) { From = Caller.OperatorSocket };
        return await Get<AppliedAudit>().ApplyAsync(caller, order.Yaml ?? "", order.DryRun, order.WarningsRead, cancel) switch
        {
            ApplyOutcome.Judged judged => new ApplyAnswer(judged.Done, judged.Apps),
            ApplyOutcome.Unreadable unreadable => throw new CommandFault(unreadable.Reason.Sentence),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public Task BackupAsync(string folder, CancellationToken cancel) => Get<Backup>().WriteAsync(folder, cancel);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    private async Task<Guid> OrganisationAsync(CancellationToken cancel) => await Get<People>().OrganisationsAsync(cancel) switch
    {
        [] => throw new CommandFault("The first run has not been done: start `passerelle serve` and open /first-run."),
        [var only] when _organisation is null => only,
        var all when Guid.TryParse(_organisation, out var named) && all.Contains(named) => named,
        _ when _organisation is null => throw new CommandFault("There are several organisations: name one with --organisation."),
        _ => throw new CommandFault($"There is no organisation {_organisation}."),
    };
}
