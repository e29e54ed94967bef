using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Alarms;

/// <summary>Where an organisation wants its alarms.</summary>
/// <param name="Addresses">Bare, at most ten.</param>
/// <param name="Language">Of the mails: en or fr.</param>
/// <param name="WebhookUrl">Empty: none.</param>
/// <param name="Secret">Sealed signing secret; null: none.</param>
internal sealed record AlarmTargets(IReadOnlyList<string> Addresses, string Language, string WebhookUrl, string? Secret);

/// <summary>What became of a form with targets.</summary>
internal abstract record TargetsOutcome
{
    private TargetsOutcome() { }

    /// <param name="NewSecret">The signing secret, to be shown this once; null when there was one.</param>
    public sealed record Saved(string? NewSecret) : TargetsOutcome;

    public sealed record Invalid(IReadOnlyList<FieldProblem> Problems) : TargetsOutcome;
}

/// <summary>Reads and writes table <c>alarm_setting</c>.</summary>
internal sealed class AlarmSettings(IStore store, Sealer sealer, TimeProvider time)
{
    public Task<AlarmTargets> FindAsync(Guid organisationId, CancellationToken cancel) =>
        store.ReadAsync(tx => Find(tx, organisationId), cancel);

    public static AlarmTargets Find(Tx tx, Guid organisationId)
    {
        var values = tx.For(organisationId)
            .List<Setting>("SELECT name, value FROM alarm_setting WHERE organisation_id = @organisation")
            .ToDictionary(setting => setting.Name, setting => setting.Value);
        return new AlarmTargets(
            Lines(values.GetValueOrDefault("addresses", "")),
            values.GetValueOrDefault("language", "en"),
            values.GetValueOrDefault("webhook_url", ""),
            values.GetValueOrDefault("webhook_secret"));
    }

    /// <param name="addresses">One a line.</param>
    /// <param name="language">The admin's own: the mails are written in it.</param>
    public async Task<TargetsOutcome> SaveAsync(Guid organisationId, string addresses, string webhookUrl, string language, CancellationToken cancel)
    {
        var (before, apps) = await store.ReadAsync(tx => (Find(tx, organisationId), AppRows.List(tx, organisationId)), cancel);
        var after = before with { Addresses = Lines(addresses), WebhookUrl = webhookUrl.Trim(), Language = language };
        var problems = AlarmRules.Judge(after, apps);
        if (problems.Count > 0) return new TargetsOutcome.Invalid(problems);
        var secret = after.WebhookUrl.Length > 0 && before.Secret is null ? WebhookSignature.NewSecret() : null;
        var @sealed = secret is null ? before.Secret : Seal(organisationId, secret);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (before.WebhookUrl != after.WebhookUrl) AlarmNotices.Drop(tx, organisationId, AlarmNotice.Webhook, "The webhook's address was changed", time.GetUtcNow());
                Write(tx, organisationId, after with { Secret = @sealed });
                return true;
            },
            cancel);
        return new TargetsOutcome.Saved(secret);
    }

    /// <summary>From now on calls are signed with another secret; the old one counts no more.</summary>
    /// <returns>The secret, to be shown this once.</returns>
    public async Task<string> ChangeSecretAsync(Guid organisationId, CancellationToken cancel)
    {
        var secret = WebhookSignature.NewSecret();
        var @sealed = Seal(organisationId, secret);
        await store.WriteAsync(Lane.Work, tx => Write(tx, organisationId, "webhook_secret", @sealed), cancel);
        return secret;
    }

    public string Open(Guid organisationId, string @sealed) => sealer.Open("alarm_setting", "webhook_secret", organisationId, organisationId, @sealed);

    private static void Write(Tx tx, Guid organisationId, AlarmTargets targets)
    {
        Write(tx, organisationId, "addresses", string.Join('\n', targets.Addresses));
        Write(tx, organisationId, "language", targets.Language);
        Write(tx, organisationId, "webhook_url", targets.WebhookUrl);
        if (targets.Secret is { } secret) Write(tx, organisationId, "webhook_secret", secret);
    }

    private static int Write(Tx tx, Guid organisationId, string name, string value) => tx.For(organisationId).Execute(
        """
        INSERT INTO alarm_setting (organisation_id, name, value) VALUES (@organisation, @name, @value)
        ON CONFLICT (organisation_id, name) DO UPDATE SET value = excluded.value
        """,
        new { name, value });

    private string Seal(Guid organisationId, string secret) => sealer.Seal("alarm_setting", "webhook_secret", organisationId, organisationId, secret);

    /// <summary>256 random bits in the form that the Standard Webhooks libraries take.</summary>

    private static IReadOnlyList<string> Lines(string text) =>
        [.. text.Split(['\n', '\r', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    private sealed record Setting(string Name, string Value);
}
