using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>
/// What every app signs in with. A token is opened once and kept in memory, renewed ahead of its end by one caller for all
/// who wait, and whatever the provider issues is on disk before anybody uses it.
/// </summary>
internal sealed class TokenSource(IStore store, Sealer sealer, GrantRenewal renewal, IOptions<TokensOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid, Guid), TokenSeat> _seats = new();

    /// <exception cref="KeyNotFoundException">There is no such app.</exception>
    public async Task<TokenAnswer> GetAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        await GetAsync(
            await store.ReadAsync(tx => AppRows.Find(tx, organisationId, appId), cancel)
                ?? throw new KeyNotFoundException($"There is no app {appId}"),
            cancel);

    /// <param name="app">As just read: another version of it forgets what was kept for the older one.</param>
    public async Task<TokenAnswer> GetAsync(EmailApp app, CancellationToken cancel) =>
        app.Authentication == AppForm.PasswordSignIn
            ? Password(app)
            : await SeatOf(app).AskAsync(renew => renewal.FetchAsync(app, force: renew), force: false, cancel);

    /// <summary>Asks the provider anew even though a token is kept or the grant is marked broken: the way back from both.</summary>
    public async Task<TokenAnswer> RenewAsync(EmailApp app, CancellationToken cancel) =>
        app.Authentication == AppForm.PasswordSignIn
            ? Password(app)
            : await SeatOf(app).AskAsync(renew => renewal.FetchAsync(app, force: renew), force: true, cancel);

    /// <summary>
    /// The server said no to a token whose time is not up: it was revoked, or clocks differ. The provider knows which, so it is
    /// asked at once; whoever else was refused the same token waits for the same answer.
    /// </summary>
    public Task<TokenAnswer> ReplaceAsync(EmailApp app, TokenAnswer.Ready refused, CancellationToken cancel)
    {
        var seat = SeatOf(app);
        return seat.AskAsync(renew => renewal.FetchAsync(app, force: renew), force: seat.Drop(refused.Secret), cancel);
    }

    /// <summary>Called after a new grant has been stored.</summary>
    public void Forget(Guid organisationId, Guid appId) => _seats.TryRemove((organisationId, appId), out _);

    private TokenSeat SeatOf(EmailApp app) => _seats.AddOrUpdate(
        (app.OrganisationId, app.Id),
        _ => new TokenSeat(app.Version, options.Value, time),
        (_, seat) => seat.Version == app.Version ? seat : new TokenSeat(app.Version, options.Value, time));

    private TokenAnswer Password(EmailApp app) => app.Password is { } password
        ? new TokenAnswer.Ready(new SecretText(sealer.Open("app", "password", app.OrganisationId, app.Id, password)), IsPassword: true)
        : new TokenAnswer.Broken(Causes.Find(
            new Cause("smtp-sign-in", "G2", Cause.Passerelle, "Enter the password", Reaction.Configure), "No password is stored"));
}
