using Microsoft.AspNetCore.Components;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Portal.Live;

namespace Passerelle.Gateway.Portal;

/// <summary>A page about one app; an id of another organisation is not found.</summary>
public abstract class AppPage : LivePage
{
    [Parameter] public Guid Id { get; set; }
    [Inject] private protected EmailApps Apps { get; set; } = null!;

    private protected EmailApp? App { get; private set; }
    private protected string Name => App is null ? "" : AppNames.Of(App, T);
    private protected string State => App is null ? "draft" : AppNames.StateOf(App);

    private protected override async Task LoadAsync()
    {
        App = await Apps.FindAsync(Reader.OrganisationId, Id, Left);
        if (App is null) Navigation.NotFound();
        else await LoadMoreAsync(App);
    }

    private protected virtual Task LoadMoreAsync(EmailApp app) => Task.CompletedTask;
}
