using System.Text.Json;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tokens;

/// <summary>The last sign-in for an app that came to nothing: most of what can be wrong shows there and nowhere else.</summary>
internal sealed record RefusedSignIn
{
    public required long AppVersion { get; init; }

    /// <summary>Who signed in; empty: nobody came that far.</summary>
    public required string Account { get; init; }
    public required string Finding { get; init; }
    public required DateTimeOffset At { get; init; }

    public Finding? Why => JsonSerializer.Deserialize<Finding>(Finding);
}

/// <summary>The SQL of table <c>refused_sign_in</c>.</summary>
internal static class RefusedSignIns
{
    /// <param name="app">As it was when the sign-in began.</param>
    public static void Put(Tx tx, EmailApp app, string account, Finding finding, DateTimeOffset now) => tx.For(app.OrganisationId).Execute(
        """
        INSERT INTO refused_sign_in (organisation_id, app_id, app_version, account, finding, at)
        VALUES (@organisation, @Id, @Version, @account, @finding, @now)
        ON CONFLICT (organisation_id, app_id) DO UPDATE SET app_version = excluded.app_version, account = excluded.account,
            finding = excluded.finding, at = excluded.at
        """,
        new { app.Id, app.Version, account, finding = JsonSerializer.Serialize(finding), now });

    /// <returns>Null: none, or the settings have changed since.</returns>
    public static RefusedSignIn? Find(Tx tx, EmailApp app) => tx.For(app.OrganisationId).One<RefusedSignIn>(
        """
        SELECT app_version, account, finding, at FROM refused_sign_in
        WHERE organisation_id = @organisation AND app_id = @Id AND app_version = @Version
        """,
        new { app.Id, app.Version });

    /// <summary>Somebody signed in and the server agreed.</summary>
    public static void Forget(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).Execute(
        "DELETE FROM refused_sign_in WHERE organisation_id = @organisation AND app_id = @appId", new { appId });
}
