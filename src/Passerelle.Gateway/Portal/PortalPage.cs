using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Passerelle.Gateway.Access;

namespace Passerelle.Gateway.Portal;

/// <summary>A page of somebody signed in: knows who reads it, and asks again before it obeys.</summary>
public abstract class PortalPage : ComponentBase
{
    [Inject] private protected Texts T { get; set; } = null!;
    [Inject] private protected NavigationManager Navigation { get; set; } = null!;
    [Inject] private protected TimeProvider Time { get; set; } = null!;
    [Inject] private Sessions Sessions { get; set; } = null!;
    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    private protected Caller Reader { get; private set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        var state = Authentication is null ? null : await Authentication;
        Reader = (state is null ? null : Caller.Of(state.User)) ?? throw new UnauthorizedAccessException("The page needs a signed-in person");
        await LoadAsync();
    }

    /// <summary>Reads what the page shows; called first with the parameters set.</summary>
    private protected virtual Task LoadAsync() => Task.CompletedTask;

    /// <summary>
    /// Asked at every command: the session row decides, not what the circuit remembers.
    /// </summary>
    /// <returns>Null when the session ended or the role no longer suffices; the browser is then on its way out.</returns>
    private protected async Task<Caller?> CommandAsync(bool adminOnly = true)
    {
        var current = await Sessions.FindAsync(Reader.SessionHash, CancellationToken.None);
        if (current is not null && (!adminOnly || current.IsAdmin)) return current with { From = Reader.From };
        Navigation.NavigateTo(current is null ? "/sign-in" : "/", forceLoad: true);
        return null;
    }
}
