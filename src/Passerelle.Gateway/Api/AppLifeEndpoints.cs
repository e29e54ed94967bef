using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Receiving;

namespace Passerelle.Gateway.Api;

/// <summary>The rest of an app's life: copy, retire and come back, another forwarding address, out to YAML and in again.</summary>
internal static class AppLifeEndpoints
{
    public static void MapAppLife(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps").WithTags("Apps");
        apps.MapGet("/{id:guid}/effects", EffectsAsync);
        apps.MapGet("/{id:guid}/forwarding-addresses", AddressesAsync);
        apps.MapGet("/{id:guid}/forwarding-confirmations", ConfirmationsAsync);
        apps.MapGet("/{id:guid}/document", ExportAsync);
        apps.MapGet("/document", ExportAllAsync);
        var orders = apps.MapGroup("/").RequireAuthorization(Caller.Admin);
        orders.MapPost("/{id:guid}/copy", CopyAsync).Audits("app-copied");
        orders.MapPost("/{id:guid}/retire", RetireAsync).Audits("app-retired");
        orders.MapPost("/{id:guid}/unretire", UnretireAsync).Audits("app-unretired");
        orders.MapPost("/{id:guid}/forwarding-addresses", RotateAsync).Audits("app-address-rotated");
        orders.MapPost("/{id:guid}/forwarding-addresses/close", CloseAsync).Audits("app-address-closed");
        orders.MapPost("/document", ApplyAsync).AuditsNothing("each app that it creates or changes has an entry of its own");
        api.MapPost("/messages/{id:guid}/confirm-forwarding", ConfirmAsync).WithTags("Apps").RequireAuthorization(Caller.Admin).Audits("forwarding-confirmed");
    }

    /// <summary>What retiring it would touch.</summary>
    private static async Task<Results<Ok<RetireEffects>, NotFound>> EffectsAsync(
        Guid id, Organisation organisation, Retirements retirements, CancellationToken cancel) =>
        await retirements.EffectsAsync(organisation.Id, id, cancel) is { } effects ? TypedResults.Ok(effects) : TypedResults.NotFound();

    /// <summary>A draft with the same settings, without secrets and grant; its forwarding address is its own.</summary>
    private static async Task<Results<Created<AppView>, NotFound>> CopyAsync(
        Guid id, Organisation organisation, EmailApps apps, Installations installations, CancellationToken cancel) =>
        await apps.CopyAsync(organisation.Id, id, cancel) is { } copy
            ? TypedResults.Created($"/api/v1/apps/{copy.Id}", AppView.Of(copy, (await installations.GetAsync(cancel)).CallbackUrl))
            : TypedResults.NotFound();

    /// <summary>For 30 days it can come back; 409 when it is retired already.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> RetireAsync(
        Guid id, PauseOrder order, Organisation organisation, Retirements retirements, EmailApps apps, CancellationToken cancel) =>
        await retirements.RetireAsync(organisation.Id, id, order.Reason ?? "", cancel) ? TypedResults.NoContent() : await WhyNotAsync(id, organisation, apps, cancel);

    /// <summary>409 when it is not retired.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> UnretireAsync(
        Guid id, Organisation organisation, Retirements retirements, EmailApps apps, CancellationToken cancel) =>
        await retirements.UnretireAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : await WhyNotAsync(id, organisation, apps, cancel);

    private static async Task<Results<Ok<List<ForwardingAddress>>, NotFound>> AddressesAsync(
        Guid id, Organisation organisation, EmailApps apps, ForwardingAddresses addresses, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(await addresses.ListAsync(organisation.Id, id, cancel));

    /// <summary>The old address goes on for some days, then its mail is held; 409 when the app is retired.</summary>
    private static async Task<Results<Ok<NewAddress>, NotFound, Conflict>> RotateAsync(
        Guid id, RotateOrder order, Organisation organisation, ForwardingAddresses addresses, EmailApps apps, CancellationToken cancel)
    {
        if (await addresses.RotateAsync(organisation.Id, id, order.OverlapDays ?? ForwardingAddresses.DefaultDays, cancel) is { } address)
        {
            return TypedResults.Ok(new NewAddress(address));
        }
        return await apps.FindAsync(organisation.Id, id, cancel) is null ? TypedResults.NotFound() : TypedResults.Conflict();
    }

    /// <summary>A former address is refused from now on; 409 when it is the present one, or closed.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict>> CloseAsync(
        Guid id, CloseOrder order, Organisation organisation, ForwardingAddresses addresses, Addressees addressees, EmailApps apps, CancellationToken cancel)
    {
        if (!await addresses.CloseAsync(organisation.Id, id, order.Address ?? "", cancel)) return await WhyNotAsync(id, organisation, apps, cancel);
        addressees.Forget(order.Address ?? "");
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<List<Messages.ForwardingConfirmation>>, NotFound>> ConfirmationsAsync(
        Guid id, Organisation organisation, EmailApps apps, ForwardingConfirmations confirmations, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(await confirmations.OfAppAsync(organisation.Id, id, cancel));

    /// <summary>Follows the provider's link; 409 when the message asks for nothing.</summary>
    private static async Task<Results<NoContent, NotFound, Conflict, ProblemHttpResult>> ConfirmAsync(
        Guid id, Organisation organisation, ForwardingConfirmations confirmations, CancellationToken cancel) =>
        await confirmations.ConfirmAsync(organisation.Id, id, cancel) switch
        {
            ConfirmOutcome.Confirmed => TypedResults.NoContent(),
            ConfirmOutcome.NothingToConfirm => TypedResults.Conflict(),
            ConfirmOutcome.Failed failed => TypedResults.Problem(failed.Sentence, statusCode: StatusCodes.Status422UnprocessableEntity),
            _ => TypedResults.NotFound(),
        };

    /// <summary>Always a download; no secret is in it.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> ExportAsync(
        Guid id, Organisation organisation, AppDocuments documents, CancellationToken cancel) =>
        await documents.ExportAsync(organisation.Id, id, cancel) is { } yaml ? File(yaml, $"{id}.yaml") : TypedResults.NotFound();

    private static async Task<FileContentHttpResult> ExportAllAsync(Organisation organisation, AppDocuments documents, CancellationToken cancel) =>
        File(await documents.ExportAsync(organisation.Id, null, cancel) ?? "", "apps.yaml");

    /// <summary>All or nothing: with one app refused, nothing is stored. 400 when the file cannot be read.</summary>
    private static async Task<Results<Ok<ApplyAnswer>, ProblemHttpResult>> ApplyAsync(
        ApplyOrder order, HttpContext http, Organisation organisation, AppliedAudit applied, CancellationToken cancel) =>
        await applied.ApplyAsync(Caller.Of(http.User)!, order.Yaml ?? "", order.DryRun, order.WarningsRead, cancel) switch // the group requires a caller
        {
            ApplyOutcome.Judged judged => TypedResults.Ok(new ApplyAnswer(judged.Done, judged.Apps)),
            ApplyOutcome.Unreadable unreadable => TypedResults.Problem(unreadable.Reason.Sentence, statusCode: StatusCodes.Status400BadRequest),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static FileContentHttpResult File(string yaml, string name) =>
        TypedResults.File(System.Text.Encoding.UTF8.GetBytes(yaml), "application/yaml", name);

    private static async Task<Results<NoContent, NotFound, Conflict>> WhyNotAsync(
        Guid id, Organisation organisation, EmailApps apps, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null ? TypedResults.NotFound() : TypedResults.Conflict();

    /// <param name="OverlapDays">0 to 90; 14 when absent.</param>
    internal sealed record RotateOrder(int? OverlapDays);

    internal sealed record NewAddress(string Address);

    internal sealed record CloseOrder(string? Address);
}

/// <param name="WarningsRead">Warnings stop nothing any more.</param>
internal sealed record ApplyOrder(string? Yaml, bool DryRun, bool WarningsRead);

/// <param name="Done">False for a dry run, and when one app was refused.</param>
internal sealed record ApplyAnswer(bool Done, IReadOnlyList<AppApplied> Apps);
