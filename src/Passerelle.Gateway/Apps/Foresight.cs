using System.Globalization;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps;

/// <summary>Degrades an app whose secret ends soon, by the date that the admin entered, and lifts that when a later one is entered.</summary>
internal sealed class Foresight(IStore store, RecordChange record, TimeProvider time)
{
    /// <summary>Days before the end at which a working app stops being simply green.</summary>
    public const int Days = 14;

    /// <returns>How many apps changed their state.</returns>
    public async Task<int> LookAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var soon = now.AddDays(Days);
        var apps = await store.ReadAsync(tx => Ending(tx, soon).Concat(Mended(tx, soon)).ToList(), cancel);
        var changed = 0;
        foreach (var app in apps)
        {
            if (await store.WriteAsync(Lane.Maintenance, tx => Change(tx, app, now), cancel)) changed++;
        }
        return changed;
    }

    private static List<EmailApp> Ending(Tx tx, DateTimeOffset soon) => tx.Across("what ends soon").List<EmailApp>(
        """
        -- across: what ends soon
        SELECT * FROM app WHERE state = 'connected' AND secret_expires_on <= @soon AND authentication = 'oauth2'
        ORDER BY secret_expires_on LIMIT 1000
        """,
        new { soon });

    private static List<EmailApp> Mended(Tx tx, DateTimeOffset soon) => tx.Across("what does not end soon any more").List<EmailApp>(
        """
        -- across: what does not end soon any more
        SELECT * FROM app WHERE state = 'degraded' AND (secret_expires_on IS NULL OR secret_expires_on > @soon) LIMIT 1000
        """,
        new { soon });

    private bool Change(Tx tx, EmailApp app, DateTimeOffset now)
    {
        var moved = app.State is AppState.Degraded
            ? AppStates.Recover(tx, app.OrganisationId, app.Id, now)
            : AppStates.Degrade(tx, app.OrganisationId, app.Id, Reason(app), now);
        if (!moved || AppRows.Find(tx, app.OrganisationId, app.Id) is not { } after) return false;
        record(tx, app.OrganisationId, "app-state", app.Id, AppChanges.Between(app, after), now);
        return true;
    }

    private static string Reason(EmailApp app) => string.Create(
        CultureInfo.InvariantCulture, $"The client secret ends on {app.SecretExpiresOn:yyyy-MM-dd}: make another one and enter it here before");
}
