using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Devices;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Api;

/// <summary>
/// Ways to be authorised that need no browser of this installation: the application itself, a code on another device, a link
/// for the mailbox's owner or for an administrator of the directory.
/// </summary>
internal static class WayEndpoints
{
    public static void MapWays(this RouteGroupBuilder api)
    {
        var app = api.MapGroup("/apps/{id:guid}").WithTags("Authorisation");
        app.MapGet("/device-sign-in", DeviceAsync);
        app.MapGet("/owner-links", OwnerLinksAsync);
        var orders = app.MapGroup("/").RequireAuthorization(Caller.Admin);
        orders.MapPost("/connection", ConnectAsync).Audits("app-tried");
        orders.MapPost("/device-sign-in", StartDeviceAsync).Audits("device-code-asked");
        orders.MapPost("/device-sign-in/stop", StopDeviceAsync).Audits("device-code-stopped");
        orders.MapPost("/owner-links", MakeOwnerLinkAsync).Audits("owner-link-made");
        orders.MapPost("/owner-links/withdraw", WithdrawOwnerLinkAsync).Audits("owner-link-withdrawn");
        orders.MapPost("/admin-consent", MakeAdminConsentAsync).Audits("admin-consent-link");
    }

    /// <summary>
    /// Tries what the app holds now, or for an application itself asks for its token: the server's 235 connects it. What came of
    /// it is in the answer. 409 for a draft, which has no settings that were saved.
    /// </summary>
    private static async Task<Results<Ok<ConnectionView>, NotFound, Conflict>> ConnectAsync(
        Guid id, Organisation organisation, EmailApps apps, Connect connect, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) switch
        {
            null => TypedResults.NotFound(),
            { State: AppState.Draft or AppState.Retired or AppState.Gone } => TypedResults.Conflict(),
            var app => TypedResults.Ok(ConnectionView.Of(await connect.ProveAgainAsync(app, CancellationToken.None))),
        };

    /// <summary>The last sign-in on another device, whatever became of it; its state is <c>none</c> when there was none.</summary>
    private static async Task<Results<Ok<DeviceView>, NotFound>> DeviceAsync(
        Guid id, Organisation organisation, EmailApps apps, DeviceSignIns devices, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(DeviceView.Of(await devices.FindAsync(organisation.Id, id, cancel)));

    /// <summary>
    /// Asks for a code that somebody enters elsewhere; read this address again to see what becomes of it. 409 when the app is not
    /// authorised in that way, 422 with the finding when the provider gives no code, 503 when it does not answer.
    /// </summary>
    private static async Task<Results<Ok<DeviceView>, NotFound, Conflict, UnprocessableEntity<Finding>, ProblemHttpResult>> StartDeviceAsync(
        Guid id, Organisation organisation, EmailApps apps, DeviceSignIns devices, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is not { } app) return TypedResults.NotFound();
        if (app is not { Authentication: AppForm.OAuth2, Way: Ways.DeviceCode, State: not (AppState.Draft or AppState.Retired or AppState.Gone) }) return TypedResults.Conflict();
        return await devices.StartAsync(app, cancel) switch
        {
            DeviceStart.Started started => TypedResults.Ok(DeviceView.Of(started.SignIn)),
            DeviceStart.Refused refused => TypedResults.UnprocessableEntity(refused.Finding),
            DeviceStart.Later later => TypedResults.Problem(later.Reason, statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Nobody is asked about the code any more; 409 when none is waited for.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> StopDeviceAsync(
        Guid id, Organisation organisation, EmailApps apps, DeviceSignIns devices, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is null) return TypedResults.NotFound();
        return await devices.FindAsync(organisation.Id, id, cancel) is { } signIn && await devices.StopAsync(signIn, CancellationToken.None)
            ? TypedResults.NoContent()
            : TypedResults.Conflict();
    }

    /// <summary>The last ten, newest first; their addresses are known to nobody any more.</summary>
    private static async Task<Results<Ok<List<OwnerLinkView>>, NotFound>> OwnerLinksAsync(
        Guid id, Organisation organisation, EmailApps apps, OwnerLinks links, TimeProvider time, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok((await links.ListAsync(organisation.Id, id, cancel)).ConvertAll(link => OwnerLinkView.Of(link, time.GetUtcNow())));

    /// <summary>An address for the mailbox's owner, who has no account here; shown once. 409 when nobody signs in for the app, or three are open.</summary>
    private static async Task<Results<Ok<LinkView>, NotFound, Conflict>> MakeOwnerLinkAsync(
        Guid id, Organisation organisation, EmailApps apps, OwnerLinks links, Installations installations, TimeProvider time, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is not { } app) return TypedResults.NotFound();
        if (!OwnerLinks.IsOffered(app)) return TypedResults.Conflict();
        var until = time.GetUtcNow() + OwnerLinks.Life;
        return await links.MakeAsync(organisation.Id, id, organisation.PersonId ?? Operator, cancel) is { } secret
            ? TypedResults.Ok(new LinkView($"{(await installations.GetAsync(cancel)).PublicUrl}/owner/{secret}", until))
            : TypedResults.Conflict();
    }

    /// <summary>409 when it was used, or is none of this app's.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> WithdrawOwnerLinkAsync(
        Guid id, WithdrawOrder order, Organisation organisation, EmailApps apps, OwnerLinks links, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is null) return TypedResults.NotFound();
        return await links.WithdrawAsync(organisation.Id, id, order.LinkId, cancel) ? TypedResults.NoContent() : TypedResults.Conflict();
    }

    /// <summary>An address at which an administrator consents for the whole directory. 409 when the provider has none.</summary>
    private static async Task<Results<Ok<LinkView>, NotFound, Conflict>> MakeAdminConsentAsync(
        Guid id, Organisation organisation, EmailApps apps, AdminConsents consents, TimeProvider time, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is not { } app) return TypedResults.NotFound();
        var until = time.GetUtcNow() + AdminConsents.Life;
        return await consents.MakeAsync(app, organisation.PersonId ?? Operator, cancel) is { } link ? TypedResults.Ok(new LinkView(link, until)) : TypedResults.Conflict();
    }

    /// <summary>The operator of the machine is no person here.</summary>
    private static Guid Operator => Guid.Empty;

    internal sealed record WithdrawOrder(Guid LinkId);
}

/// <summary>What trying came to.</summary>
/// <param name="Outcome">connected, another-account, refused or later.</param>
/// <param name="Words">The server's 235, or why nothing can be said now.</param>
/// <param name="Finding">Who must do what; null when nothing is wrong.</param>
/// <param name="Principal">Object id of the enterprise application, when its own token told it; New-ServicePrincipal wants it.</param>
internal sealed record ConnectionView(string Outcome, string Words, Finding? Finding, string Principal)
{
    public static ConnectionView Of(ConnectOutcome outcome) => outcome switch
    {
        ConnectOutcome.Connected connected => new("connected", connected.Reply, null, ""),
        ConnectOutcome.AnotherAccount another => new("another-account", another.SignedInAs, another.Finding, ""),
        ConnectOutcome.Refused refused => new("refused", "", refused.Finding, refused.Principal),
        ConnectOutcome.Later later => new("later", later.Reason, null, ""),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A sign-in on another device.</summary>
/// <param name="State">none, waiting, connected, declined, expired, refused or stopped.</param>
/// <param name="UserCode">To be entered at <paramref name="VerificationUrl"/>.</param>
internal sealed record DeviceView(string State, string UserCode, string VerificationUrl, DateTimeOffset? ExpiresAt, Finding? Finding)
{
    public static DeviceView Of(DeviceSignIn? signIn) => signIn is null
        ? new("none", "", "", null, null)
        : new(signIn.State, signIn.UserCode, signIn.VerificationUrl, signIn.ExpiresAt, signIn.Finding);
}

/// <param name="State">open, used, withdrawn or expired.</param>
internal sealed record OwnerLinkView(Guid Id, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
{
    public static OwnerLinkView Of(OwnerLink link, DateTimeOffset now) => new(link.Id, link.StateAt(now), link.CreatedAt, link.ExpiresAt, link.UsedAt);
}

/// <param name="Url">Whoever has it may use it; it is shown once.</param>
internal sealed record LinkView(string Url, DateTimeOffset ExpiresAt);
