using System.Text.Json;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>What stopped an app, kept as the finding it was: its page, Home and the alarm say the same owner and the same fix.</summary>
internal sealed class Breakages(IStore store)
{
    /// <summary>State and finding in the caller's transaction. A draft, paused or retired app keeps its state.</summary>
    /// <param name="record">Enters it into the audit, once for each break.</param>
    public static void Break(Tx tx, Guid organisationId, Guid appId, Finding finding, RecordChange record, DateTimeOffset now)
    {
        if (AppStates.Break(tx, organisationId, appId, finding.Sentence, now) is { } before)
        {
            record(tx, organisationId, "grant-broken", appId, [new FieldChange(nameof(EmailApp.State), before, "broken"), ReasonOf(finding)], now);
        }
        tx.For(organisationId).Execute(
            """
            INSERT INTO breakage (organisation_id, app_id, finding, at) VALUES (@organisation, @appId, @finding, @now)
            ON CONFLICT (organisation_id, app_id) DO UPDATE SET finding = excluded.finding, at = excluded.at
            """,
            new { appId, finding = JsonSerializer.Serialize(finding), now });
    }

    /// <summary>What stopped it has passed: somebody mended it here or on the other side.</summary>
    /// <param name="before">The app's row before it was connected.</param>
    public static void Mended(Tx tx, EmailApp before, RecordChange record, DateTimeOffset now)
    {
        if (before.State is AppState.Broken) record(tx, before.OrganisationId, "grant-mended", before.Id, [new FieldChange(nameof(EmailApp.State), "broken", "connected")], now);
    }

    /// <summary>Our own words about who must do what; the other side's may quote what it was sent.</summary>
    private static FieldChange ReasonOf(Finding finding) =>
        new(nameof(EmailApp.StateReason), "", finding.Fix.Length == 0 ? finding.SetupStep : $"{finding.SetupStep}: {finding.Owner}: {finding.Fix}");

    /// <returns>The last one; whether it still stands the app's state says. Null: it never broke.</returns>
    public static Finding? Find(Tx tx, Guid organisationId, Guid appId) => tx.For(organisationId).One<string>(
        "SELECT finding FROM breakage WHERE organisation_id = @organisation AND app_id = @appId", new { appId }) is { } json
        ? JsonSerializer.Deserialize<Finding>(json)
        : null;

    /// <inheritdoc cref="Find"/>
    public Task<Finding?> FindAsync(Guid organisationId, Guid appId, CancellationToken cancel) =>
        store.ReadAsync(tx => Find(tx, organisationId, appId), cancel);
}
