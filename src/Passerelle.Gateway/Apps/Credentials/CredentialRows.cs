using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Credentials;

/// <summary>What the rows say about credentials; no secret is opened.</summary>
internal static class CredentialRows
{
    public static List<Credential> List(Tx tx, Guid organisationId) => Of(tx, organisationId, AppRows.List(tx, organisationId));

    /// <summary>Of every organisation, all of each app of which something ends by then.</summary>
    /// <param name="unusedSince">A grant that was not renewed since ends by then too.</param>
    public static List<Credential> Ending(Tx tx, DateTimeOffset until, DateTimeOffset unusedSince)
    {
        var ending = tx.Across("credentials that end soon").List<EndingApp>(
            """
            -- across: credentials that end soon
            SELECT organisation_id, id FROM app WHERE secret_expires_on <= @until
            UNION
            SELECT organisation_id, app_id AS id FROM oauth_grant WHERE refreshed_at <= @unusedSince
            UNION
            SELECT organisation_id, app_id AS id FROM certificate WHERE ends_at <= @until
            LIMIT 10000
            """,
            new { until, unusedSince });
        return
        [
            .. from ours in ending.GroupBy(app => app.OrganisationId)
               let apps = ours.Select(app => AppRows.Find(tx, app.OrganisationId, app.Id)).OfType<EmailApp>()
               from credential in Of(tx, ours.Key, apps)
               select credential,
        ];
    }

    private static List<Credential> Of(Tx tx, Guid organisationId, IEnumerable<EmailApp> all)
    {
        var sql = tx.For(organisationId);
        var apps = all.Where(app => app.State is not (AppState.Draft or AppState.Retired or AppState.Gone));
        var grants = sql.List<GrantRow>(
            """
            SELECT app_id, signed_in_as, scope, refreshed_at, CASE WHEN refresh_token IS NULL THEN 0 ELSE 1 END AS renews
            FROM oauth_grant WHERE organisation_id = @organisation
            """).ToDictionary(grant => grant.AppId);
        var certificates = sql.List<CertificateRow>(
            "SELECT app_id, id, thumbprint, ends_at FROM certificate WHERE organisation_id = @organisation ORDER BY id").ToLookup(row => row.AppId);
        var next = sql.List<NextRow>(
            """
            SELECT app_id, kind, CASE WHEN kind = 'certificate' THEN content ELSE '' END AS content, expires_on, added_at
            FROM next_credential WHERE organisation_id = @organisation
            """).ToLookup(row => row.AppId);
        var answers = sql.List<AnswerRow>(
            "SELECT app_id, kind, answered_at FROM credential_question WHERE organisation_id = @organisation").ToDictionary(row => (row.AppId, row.Kind), row => row.AnsweredAt);
        return [.. apps.SelectMany(app => Of(app, grants.GetValueOrDefault(app.Id), [.. certificates[app.Id]], next[app.Id], answers))];
    }

    private static IEnumerable<Credential> Of(
        EmailApp app, GrantRow? grant, List<CertificateRow> certificates, IEnumerable<NextRow> next, Dictionary<(Guid, string), DateTimeOffset> answers)
    {
        var plain = new Credential
        {
            OrganisationId = app.OrganisationId,
            AppId = app.Id,
            App = app.AssetName,
            Mailbox = app.EmailId,
            Kind = "",
            End = CredentialEnd.Withdrawn,
        };
        if (app.Authentication == AppForm.PasswordSignIn)
        {
            yield return plain with { Kind = Credential.Password, Of = app.UserName };
            yield break;
        }
        foreach (var certificate in Certificates(app, plain, certificates, next)) yield return certificate;
        if (app.Proof == Proofs.Secret && app.ClientSecret is not null) yield return Dated(plain with { Kind = Credential.ClientSecret }, app.SecretExpiresOn);
        foreach (var added in next.Where(added => added.Kind == Credential.ClientSecret && app.Proof == Proofs.Secret)) yield return Dated(plain with { Kind = $"next-{added.Kind}" }, added.ExpiresOn);
        if (grant is null) yield break;
        if (!app.IsAppOnly) yield return Authorisation(app, plain, grant);
        yield return plain with { Kind = Credential.Consent, Of = grant.Scope };

        Credential Dated(Credential credential, DateTimeOffset? day) => day is { } end
            ? credential with { End = CredentialEnd.OnDay, EndsOn = Day(end) }
            : credential with
            {
                End = CredentialEnd.Unknown,
                AskAt = (answers.TryGetValue((app.Id, credential.Kind), out var at) ? at : app.ConnectedAt ?? app.CreatedAt).AddDays(Credential.AskAgainDays),
            };
    }

    /// <summary>The one in use, the one being proved, and those made after it: older ones prove nothing any more.</summary>
    private static IEnumerable<Credential> Certificates(EmailApp app, Credential plain, List<CertificateRow> certificates, IEnumerable<NextRow> next)
    {
        if (app.Proof != Proofs.Certificate) yield break;
        var inUse = certificates.FindIndex(certificate => certificate.Id == app.CertificateId);
        var tried = next.Where(added => added.Kind == Credential.Certificate).Select(added => added.Content).FirstOrDefault();
        for (var at = 0; at < certificates.Count; at++)
        {
            if (at < inUse && certificates[at].Id.ToString() != tried) continue;
            yield return plain with
            {
                Kind = at == inUse ? Credential.Certificate : Credential.NextCertificate,
                Of = certificates[at].Thumbprint,
                End = CredentialEnd.OnDay,
                EndsOn = Day(certificates[at].EndsAt),
            };
        }
    }

    private static Credential Authorisation(EmailApp app, Credential plain, GrantRow grant) => grant.Renews == 0 || app.Preset != Preset.Microsoft365
        ? plain with { Kind = Credential.Grant, Of = grant.SignedInAs }
        : plain with
        {
            Kind = Credential.Grant,
            Of = grant.SignedInAs,
            End = CredentialEnd.Rolls,
            EndsOn = Day(grant.RefreshedAt.AddDays(Credential.IdleDays)),
        };

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private sealed record GrantRow
    {
        public required Guid AppId { get; init; }
        public required string SignedInAs { get; init; }
        public required string Scope { get; init; }
        public required DateTimeOffset RefreshedAt { get; init; }
        public required long Renews { get; init; }
    }

    private sealed record CertificateRow
    {
        public required Guid AppId { get; init; }
        public required Guid Id { get; init; }
        public required string Thumbprint { get; init; }
        public required DateTimeOffset EndsAt { get; init; }
    }

    private sealed record EndingApp
    {
        public required Guid OrganisationId { get; init; }
        public required Guid Id { get; init; }
    }

    private sealed record NextRow
    {
        public required Guid AppId { get; init; }
        public required string Kind { get; init; }

        /// <summary>The id of a certificate; of a secret nothing.</summary>
        public required string Content { get; init; }
        public DateTimeOffset? ExpiresOn { get; init; }
        public required DateTimeOffset AddedAt { get; init; }
    }

    private sealed record AnswerRow
    {
        public required Guid AppId { get; init; }
        public required string Kind { get; init; }
        public required DateTimeOffset AnsweredAt { get; init; }
    }
}
