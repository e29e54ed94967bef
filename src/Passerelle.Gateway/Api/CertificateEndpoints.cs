using Microsoft.AspNetCore.Http.HttpResults;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;

namespace Passerelle.Gateway.Api;

/// <summary><c>/api/v1/apps/{id}/certificates</c>: what proves an app's registration instead of a secret. No private key ever leaves.</summary>
internal static class CertificateEndpoints
{
    public static void MapCertificates(this RouteGroupBuilder api)
    {
        var certificates = api.MapGroup("/apps/{id:guid}/certificates").WithTags("Certificates");
        certificates.MapGet("/", ListAsync);
        var orders = certificates.MapGroup("/").RequireAuthorization(Caller.Admin);
        orders.MapPost("/", MakeAsync).Audits("certificate-made");
        orders.MapPost("/upload", TakeAsync).Audits("certificate-uploaded");
    }

    /// <summary>Newest first, each with the public half that the registration wants.</summary>
    private static async Task<Results<Ok<List<CertificateView>>, NotFound>> ListAsync(
        Guid id, Organisation organisation, EmailApps apps, ClientCertificates certificates, CancellationToken cancel) =>
        await apps.FindAsync(organisation.Id, id, cancel) is { } app
            ? TypedResults.Ok((await certificates.ListAsync(organisation.Id, id, cancel)).ConvertAll(one => CertificateView.Of(one, app.CertificateId)))
            : TypedResults.NotFound();

    /// <summary>A self-signed one, good for a year; the first of an app is in use at once. 400 when it keeps as many as it may.</summary>
    private static Task<Results<Ok<CertificateView>, NotFound, ValidationProblem>> MakeAsync(
        Guid id, Organisation organisation, EmailApps apps, ClientCertificates certificates, CancellationToken cancel) =>
        KeepAsync(id, organisation, apps, () => certificates.MakeAsync(organisation.Id, id, cancel), cancel);

    /// <summary>PFX or PEM with both halves. 400 says what is wrong with the file.</summary>
    private static Task<Results<Ok<CertificateView>, NotFound, ValidationProblem>> TakeAsync(
        Guid id, UploadOrder order, Organisation organisation, EmailApps apps, ClientCertificates certificates, CancellationToken cancel) =>
        KeepAsync(id, organisation, apps, () => certificates.TakeAsync(organisation.Id, id, order.File ?? [], order.Password ?? "", cancel), cancel);

    private static async Task<Results<Ok<CertificateView>, NotFound, ValidationProblem>> KeepAsync(
        Guid id, Organisation organisation, EmailApps apps, Func<Task<CertificateOutcome>> act, CancellationToken cancel)
    {
        if (await apps.FindAsync(organisation.Id, id, cancel) is null) return TypedResults.NotFound();
        var outcome = await act();
        return outcome switch
        {
            CertificateOutcome.Kept { Certificate: var kept } =>
                TypedResults.Ok(CertificateView.Of(kept, (await apps.FindAsync(organisation.Id, id, cancel))?.CertificateId)),
            CertificateOutcome.Wrong wrong => TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["file"] = [wrong.Code] }),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <param name="File">Base64; at most 64 KiB.</param>
    internal sealed record UploadOrder(byte[]? File, string? Password);
}

/// <param name="Thumbprint">SHA-1, the name under which Entra lists it.</param>
/// <param name="Origin">made or uploaded.</param>
/// <param name="PublicPart">PEM; upload it under Certificates &amp; secrets.</param>
internal sealed record CertificateView(
    Guid Id, string Thumbprint, string Origin, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool InUse, string PublicPart)
{
    public static CertificateView Of(ClientCertificate one, Guid? inUse) =>
        new(one.Id, one.Thumbprint, one.Origin, one.StartsAt, one.EndsAt, one.Id == inUse, one.PublicPart);
}
