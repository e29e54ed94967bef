using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Doctor;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/journeys</c>, and what proves an app: verification and doctor.</summary>
internal static class JourneyEndpoints
{
    public static void MapJourneys(this RouteGroupBuilder api)
    {
        var journeys = api.MapGroup("/journeys").WithTags("Journeys");
        journeys.MapGet("/", ListAsync);
        journeys.MapGet("/{id:guid}", ShowAsync);
        var proof = api.MapGroup("/apps/{id:guid}").WithTags("Proof");
        proof.MapGet("/verification", VerificationAsync);
        proof.MapPost("/verification", VerifyAsync).RequireAuthorization(Caller.Admin).Audits("app-verified");
        proof.MapPost("/examination", ExamineAsync).RequireAuthorization(Caller.Admin).AuditsNothing("it looks, and keeps what it saw");
        proof.MapPost("/send-test", SendTestAsync).RequireAuthorization(Caller.Admin).Audits("app-tested");
    }

    /// <summary>Newest first; <paramref name="before"/> is the last id of the page before.</summary>
    private static async Task<Ok<List<JourneyLine>>> ListAsync(
        Guid? app, Guid? before, int? limit, Organisation organisation, Journeys journeys, CancellationToken cancel) =>
        TypedResults.Ok(await journeys.ListAsync(organisation.Id, app, before, ListPage.Of(limit), cancel));

    private static async Task<Results<Ok<Journey>, NotFound>> ShowAsync(
        Guid id, Organisation organisation, Journeys journeys, CancellationToken cancel) =>
        await journeys.FindAsync(organisation.Id, id, cancel) is { } journey ? TypedResults.Ok(journey) : TypedResults.NotFound();

    private static async Task<Results<Ok<Verification>, NotFound>> VerificationAsync(
        Guid id, Organisation organisation, EmailApps apps, Verifications verifications, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(await verifications.FindAsync(organisation.Id, id, cancel));

    private static async Task<Results<NoContent, NotFound>> VerifyAsync(
        Guid id, Organisation organisation, Verifications verifications, CancellationToken cancel) =>
        await verifications.StartAsync(organisation.Id, id, cancel) ? TypedResults.NoContent() : TypedResults.NotFound();

    /// <summary>Runs every check now; one mail is written to the mailbox from outside.</summary>
    private static async Task<Results<Ok<IReadOnlyList<Finding>>, NotFound>> ExamineAsync(
        Guid id, Organisation organisation, Examination examination, CancellationToken cancel) =>
        await examination.ExamineAsync(organisation.Id, id, cancel) is { } findings ? TypedResults.Ok(findings) : TypedResults.NotFound();

    private static async Task<Results<Accepted, NotFound>> SendTestAsync(
        Guid id, Organisation organisation, TestLetters tests, CancellationToken cancel) =>
        await tests.SendAsync(organisation.Id, id, cancel) is null ? TypedResults.NotFound() : TypedResults.Accepted((string?)null);
}
