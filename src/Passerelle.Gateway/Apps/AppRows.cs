using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>The columns that a form decides.</summary>
internal sealed record AppRow
{
    public required Guid Id { get; init; }
    public required string Preset { get; init; }
    public required string AssetName { get; init; }
    public required string EmailId { get; init; }
    public required string Authentication { get; init; }
    public required string SmtpHost { get; init; }
    public required string UserName { get; init; }
    public required int SmtpPort { get; init; }
    public required string SmtpSecurity { get; init; }
    public required string DirectoryId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Sealed; null keeps the stored one.</summary>
    public required string? ClientSecret { get; init; }

    /// <summary>Sealed; null keeps the stored one.</summary>
    public required string? Password { get; init; }
    public required DateTimeOffset? SecretExpiresOn { get; init; }
    public required string AuthorizationUrl { get; init; }
    public required string TokenUrl { get; init; }
    public required string RefreshUrl { get; init; }
    public required string Scope { get; init; }
    public required string Proof { get; init; }
    public required string AssertionFile { get; init; }
    public required string Way { get; init; }
    public required string SignsInAs { get; init; }
    public required string DisplayName { get; init; }
    public required string ReplyTo { get; init; }
    public required string Signature { get; init; }

    /// <summary>One blank between them.</summary>
    public required string Aliases { get; init; }
    public required string UnclearLetters { get; init; }
    public required string Transport { get; init; }

    /// <summary>True when a grant given under <paramref name="stored"/> says nothing about these settings.</summary>
    public bool NeedsAnotherGrantThan(EmailApp stored) =>
        (Authentication, EmailId.ToUpperInvariant(), UserName.ToUpperInvariant(), ClientId.ToUpperInvariant(), AuthorizationUrl, TokenUrl, Scope)
        != (stored.Authentication, stored.EmailId.ToUpperInvariant(), stored.UserName.ToUpperInvariant(), stored.ClientId.ToUpperInvariant(),
            stored.AuthorizationUrl, stored.TokenUrl, stored.Scope)
        || (Way, SignsInAs.ToUpperInvariant()) != (stored.Way, stored.SignsInAs.ToUpperInvariant());
}

/// <summary>The SQL of table <c>app</c>.</summary>
internal static class AppRows
{
    private const string SetForm = """
        UPDATE app SET preset = @Preset, asset_name = @AssetName, email_id = @EmailId, authentication = @Authentication,
            smtp_host = @SmtpHost, user_name = @UserName, smtp_port = @SmtpPort, smtp_security = @SmtpSecurity,
            directory_id = @DirectoryId, client_id = @ClientId, client_secret = COALESCE(@ClientSecret, client_secret),
            password = COALESCE(@Password, password), secret_expires_on = @SecretExpiresOn,
            authorization_url = @AuthorizationUrl, token_url = @TokenUrl, refresh_url = @RefreshUrl, scope = @Scope,
            proof = @Proof, assertion_file = @AssertionFile, way = @Way, signs_in_as = @SignsInAs,
            display_name = @DisplayName, reply_to = @ReplyTo, signature = @Signature, aliases = @Aliases,
            unclear_letters = @UnclearLetters, transport = @Transport,
            version = version + 1
        WHERE organisation_id = @organisation AND id = @Id
        """;

    public static EmailApp? Find(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<EmailApp>(
        "SELECT * FROM app WHERE organisation_id = @organisation AND id = @appId AND state <> 'gone'", new { appId });

    public static List<EmailApp> List(Tx tx, Guid organisationId) => tx.For(organisationId).List<EmailApp>(
        "SELECT * FROM app WHERE organisation_id = @organisation AND state <> 'gone' ORDER BY id DESC");

    public static List<EmailApp> List(Tx tx, Guid organisationId, Guid? before, int limit) => tx.For(organisationId).List<EmailApp>(
        "SELECT * FROM app WHERE organisation_id = @organisation AND state <> 'gone' AND id < @before ORDER BY id DESC LIMIT @limit",
        new { before = before ?? Guid.AllBitsSet, limit });

    /// <param name="address">Email ID of an app that can write, in whatever case; the first that was made where several have it.</param>
    public static EmailApp? FindByAddress(Tx tx, Guid organisationId, string address) => tx.For(organisationId).One<EmailApp>(
        """
        SELECT * FROM app WHERE organisation_id = @organisation AND lower(email_id) = @address AND state NOT IN ('draft', 'retired', 'gone') ORDER BY id LIMIT 1
        """,
        new { address = address.Trim().ToLowerInvariant() });

    public static void InsertDraft(Tx tx, Guid organisationId, Guid id, string address, AppForm form, DateTimeOffset now)
    {
        tx.For(organisationId).Execute(
            """
            INSERT INTO app (organisation_id, id, asset_name, email_id, forwarding_address, preset, authentication,
                directory_id, client_id, smtp_host, smtp_port, smtp_security, user_name, authorization_url, token_url,
                refresh_url, scope, state, state_reason, state_since, epoch, version, created_at)
            VALUES (@organisation, @id, '', '', @address, @Preset, @Authentication, '', '', @SmtpHost, @port,
                @SmtpSecurity, '', '', '', '', @Scope, 'draft', '', @now, 0, 0, @now)
            """,
            new { id, address, form.Preset, form.Authentication, form.SmtpHost, port = int.Parse(form.SmtpPort, System.Globalization.CultureInfo.InvariantCulture), form.SmtpSecurity, form.Scope, now });
        tx.For(organisationId).Execute(
            """
            INSERT INTO forwarding_address (organisation_id, address, app_id, created_at)
            VALUES (@organisation, @address, @id, @now)
            """,
            new { address, id, now });
    }

    public static bool UpdateDraft(Tx tx, Guid organisationId, AppRow row) =>
        tx.For(organisationId).Execute($"{SetForm} AND state = 'draft'", row) == 1;

    /// <returns>False when the version has moved on.</returns>
    public static bool Update(Tx tx, Guid organisationId, AppRow row, long seenVersion)
    {
        var seen = tx.For(organisationId).One<long?>(
            "SELECT version FROM app WHERE organisation_id = @organisation AND id = @Id", new { row.Id });
        return seen == seenVersion && tx.For(organisationId).Execute(SetForm, row) == 1;
    }

    public static void DropGrant(Tx tx, Guid organisationId, Guid appId, DateTimeOffset now)
    {
        tx.For(organisationId).Execute(
            "DELETE FROM oauth_grant WHERE organisation_id = @organisation AND app_id = @appId", new { appId });
        tx.For(organisationId).Execute(
            "UPDATE app SET connected_at = NULL WHERE organisation_id = @organisation AND id = @appId", new { appId }); // that 235 was for other settings
        AppStates.Unauthorise(tx, organisationId, appId, "", now);
    }

    public static bool ChooseFlow(Tx tx, Guid organisationId, Guid appId, Guid? flowId) => tx.For(organisationId).Execute(
        """
        UPDATE app SET flow_id = @flowId
        WHERE organisation_id = @organisation AND id = @appId AND (@flowId IS NULL OR EXISTS (
            SELECT 1 FROM flow WHERE flow.organisation_id = @organisation AND flow.id = @flowId))
        """,
        new { appId, flowId }) == 1;
}
