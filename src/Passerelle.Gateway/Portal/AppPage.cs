using Microsoft.AspNetCore.Components;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Portal.Live;

namespace Passerelle.Gateway.Portal;

/// <summary>A page about one app; an id of another organisation is not found.</summary>
public abstract class AppPage : LivePage
{
    [Parameter] public Guid Id { get; set; }
    [Inject] private protected EmailApps Apps { get; set; } = null!;
    [Inject] private protected Audit Entries { get; set; } = null!;

    private protected EmailApp? App { get; private set; }
    private protected string Name => App is null ? "" : AppNames.Of(App, T);
    private protected string State => App is null ? "draft" : AppNames.StateOf(App);

    private protected override async Task LoadAsync()
    {
        App = await Apps.FindAsync(Reader.OrganisationId, Id, Left);
        if (App is null) Navigation.NotFound();
        else await LoadMoreAsync(App);
    }

    /// <summary>Writes the audit's entry of an order that was carried out: what changed of the app by it.</summary>
    /// <param name="before">As it was when the order was given.</param>
    private protected async Task RecordAsync(Caller caller, string action, EmailApp? before)
    {
        if (await Apps.FindAsync(caller.OrganisationId, Id, CancellationToken.None) is not { } after) return;
        await Entries.WriteAsync(caller, action, before, after, CancellationToken.None);
    }

    private protected virtual Task LoadMoreAsync(EmailApp app) => Task.CompletedTask;
}
