using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Events.Webhooks;

/// <summary>Makes, changes, tests and removes webhooks. A secret is shown when it is made and never again.</summary>
internal sealed class WebhookSettings(IStore store, Sealer sealer, Installations installations, Signals signals, TimeProvider time)
{
    /// <summary>Both secrets sign for so long after a change.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public Task<List<Webhook>> ListAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(tx => WebhookRows.List(tx, organisationId), cancel);

    public Task<Webhook?> FindAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.ReadAsync(tx => WebhookRows.Find(tx, organisationId, id), cancel);

    public async Task<WebhookOutcome> MakeAsync(Guid organisationId, Guid? personId, WebhookForm form, CancellationToken cancel)
    {
        if (WebhookRules.Judge(form) is { } refused) return refused;
        var now = time.GetUtcNow();
        var (id, secret) = (Guid.CreateVersion7(now), WebhookSignature.NewSecret());
        var webhook = new Webhook
        {
            OrganisationId = organisationId,
            Id = id,
            Name = form.Name.Trim(),
            Url = form.Url.Trim(),
            Types = string.Join(' ', form.Types.Distinct()),
            State = form.IsOn ? Webhook.On : Webhook.Off,
            StateReason = "",
            Secret = Seal(organisationId, id, secret),
            Failures = 0,
            RestUntil = DateTimeOffset.UnixEpoch,
            PersonId = personId,
            CreatedAt = now,
        };
        return await store.WriteAsync(Lane.Work, tx => WebhookRows.Insert(tx, webhook), cancel)
            ? new WebhookOutcome.Saved(webhook, secret)
            : new WebhookOutcome.Refused("name", "There are too many webhooks: remove those that nobody listens to");
    }

    public async Task<WebhookOutcome> ChangeAsync(Guid organisationId, Guid id, WebhookForm form, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, id, cancel) is not { } before) return new WebhookOutcome.Unknown();
        if (WebhookRules.Judge(form) is { } refused) return refused;
        var after = before with
        {
            Name = form.Name.Trim(),
            Url = form.Url.Trim(),
            Types = string.Join(' ', form.Types.Distinct()),
            State = form.IsOn ? Webhook.On : Webhook.Off,
            StateReason = "",
            Failures = 0,
            FailingSince = null,
        };
        if (!await store.WriteAsync(Lane.Work, tx => WebhookRows.Update(tx, after), cancel)) return new WebhookOutcome.Unknown();
        signals.Deliveries.Raise();
        return new WebhookOutcome.Saved(after, null);
    }

    /// <summary>A new secret signs at once; the one before it signs besides for a day, so that a receiver can be told in between.</summary>
    public async Task<WebhookOutcome> RotateAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, id, cancel) is not { } webhook) return new WebhookOutcome.Unknown();
        var (secret, until) = (WebhookSignature.NewSecret(), time.GetUtcNow() + Overlap);
        // sealed for another column, for a ciphertext opens only where it was sealed
        var former = sealer.Seal("webhook", "former_secret", organisationId, id, sealer.Open("webhook", "secret", organisationId, id, webhook.Secret));
        var @sealed = Seal(organisationId, id, secret);
        if (!await store.WriteAsync(Lane.Work, tx => WebhookRows.ChangeSecret(tx, organisationId, id, @sealed, former, until), cancel)) return new WebhookOutcome.Unknown();
        return new WebhookOutcome.Saved(webhook with { Secret = @sealed, FormerSecret = former, FormerUntil = until }, secret);
    }

    /// <returns>False when the organisation has no such webhook.</returns>
    public Task<bool> DeleteAsync(Guid organisationId, Guid id, CancellationToken cancel) => store.WriteAsync(Lane.Work, tx => WebhookRows.Delete(tx, organisationId, id), cancel);

    /// <summary>An event that says nothing but that a person pressed the button, by the same way as all others.</summary>
    /// <returns>The delivery's id; null when the organisation has no such webhook.</returns>
    public async Task<Guid?> TestAsync(Guid organisationId, Guid id, CancellationToken cancel)
    {
        if (await FindAsync(organisationId, id, cancel) is not { } webhook) return null;
        var now = time.GetUtcNow();
        var url = (await installations.FindAsync(cancel))?.PublicUrl ?? "";
        var @event = Guid.CreateVersion7(now);
        var body = CloudEvent.Of(@event, url, organisationId, WebhookDelivery.Test, $"webhooks/{id}", now, new { webhook = webhook.Name });
        var delivery = WebhookDelivery.New(webhook, @event, WebhookDelivery.Test, body, now);
        await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                DeliveryRows.Insert(tx, delivery);
                return true;
            },
            cancel);
        signals.Deliveries.Raise();
        return delivery.Id;
    }

    /// <returns>What signs now, the one in use first.</returns>
    public IReadOnlyList<string> SecretsOf(Webhook webhook)
    {
        var secret = sealer.Open("webhook", "secret", webhook.OrganisationId, webhook.Id, webhook.Secret);
        return webhook is { FormerSecret: { } former, FormerUntil: { } until } && until > time.GetUtcNow()
            ? [secret, sealer.Open("webhook", "former_secret", webhook.OrganisationId, webhook.Id, former)]
            : [secret];
    }

    private string Seal(Guid organisationId, Guid id, string secret) => sealer.Seal("webhook", "secret", organisationId, id, secret);
}
