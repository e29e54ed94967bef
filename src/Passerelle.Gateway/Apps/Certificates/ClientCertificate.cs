using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Certificates;

/// <summary>A certificate that proves an app's registration: the registration knows the public half, this row both.</summary>
internal sealed record ClientCertificate
{
    public const string Made = "made";
    public const string Uploaded = "uploaded";

    public required Guid OrganisationId { get; init; }
    public required Guid AppId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>PEM; what is uploaded to the registration.</summary>
    public required string PublicPart { get; init; }

    /// <summary>Sealed PKCS #8 in base64.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>SHA-1 in upper-case hexadecimal: the name under which Entra lists it.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>made or uploaded.</summary>
    public required string Origin { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public string Seal(Sealer sealer, string key) => sealer.Seal("certificate", "private_key", OrganisationId, Id, key);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring cannot open it.</exception>
    public string OpenKey(Sealer sealer) => sealer.Open("certificate", "private_key", OrganisationId, Id, PrivateKey);
}

/// <summary>The SQL of table <c>certificate</c> and of the app's choice among its rows.</summary>
internal static class CertificateRows
{
    public static ClientCertificate? Find(Tx tx, Guid organisationId, Guid appId, Guid id) => tx.For(organisationId).One<ClientCertificate>(
        "SELECT * FROM certificate WHERE organisation_id = @organisation AND app_id = @appId AND id = @id", new { appId, id });

    /// <returns>Newest first.</returns>
    public static List<ClientCertificate> List(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).List<ClientCertificate>(
        "SELECT * FROM certificate WHERE organisation_id = @organisation AND app_id = @appId ORDER BY id DESC", new { appId });

    /// <returns>False when the app is not there or keeps as many as it may.</returns>
    public static bool Insert(Tx tx, ClientCertificate row, int most)
    {
        var sql = tx.For(row.OrganisationId);
        var inserted = sql.Execute(
            """
            INSERT INTO certificate (organisation_id, app_id, id, public_part, private_key, thumbprint, origin, starts_at, ends_at, created_at)
            SELECT @organisation, @AppId, @Id, @PublicPart, @PrivateKey, @Thumbprint, @Origin, @StartsAt, @EndsAt, @CreatedAt
            FROM app WHERE organisation_id = @organisation AND id = @AppId AND state <> 'gone'
              AND (SELECT COUNT(*) FROM certificate c WHERE c.organisation_id = @organisation AND c.app_id = @AppId) < @most
            """,
            new { row.AppId, row.Id, row.PublicPart, row.PrivateKey, row.Thumbprint, row.Origin, row.StartsAt, row.EndsAt, row.CreatedAt, most }) == 1;
        // The first is in use at once; a later one only when somebody says so: until its public half is registered it proves nothing.
        if (inserted)
        {
            sql.Execute(
                """
                UPDATE app SET certificate_id = @Id, version = version + 1
                WHERE organisation_id = @organisation AND id = @AppId AND certificate_id IS NULL
                """,
                new { row.AppId, row.Id });
        }
        return inserted;
    }

    /// <returns>False where it would stop what works: there it is proved first (<see cref="Credentials.NextCredentials"/>).</returns>
    public static bool Use(Tx tx, Guid organisationId, Guid appId, Guid id) => tx.For(organisationId).Execute(
        """
        UPDATE app SET certificate_id = @id, version = version + 1
        WHERE organisation_id = @organisation AND id = @appId AND state <> 'gone'
          AND NOT (state IN ('connected', 'degraded') AND proof = 'certificate' AND certificate_id IS NOT NULL) AND EXISTS (
            SELECT 1 FROM certificate c WHERE c.organisation_id = @organisation AND c.app_id = @appId AND c.id = @id)
        """,
        new { appId, id }) == 1;

    /// <returns>False when it is in use, is being proved, or is not there.</returns>
    public static bool Remove(Tx tx, Guid organisationId, Guid appId, Guid id) => tx.For(organisationId).Execute(
        """
        DELETE FROM certificate WHERE organisation_id = @organisation AND app_id = @appId AND id = @id AND NOT EXISTS (
            SELECT 1 FROM app WHERE app.organisation_id = @organisation AND app.id = @appId AND app.certificate_id = @id)
        AND NOT EXISTS (
            SELECT 1 FROM next_credential n
            WHERE n.organisation_id = @organisation AND n.app_id = @appId AND n.kind = 'certificate' AND n.content = @next)
        """,
        new { appId, id, next = id.ToString() }) == 1;
}
