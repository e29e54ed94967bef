using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Apps.Delivery;

/// <summary>One that has delivered to an app, as seen so far.</summary>
internal sealed record SeenDeliverer
{
    /// <summary>A provider's id, or the organisational domain of a confirmed name, or an address.</summary>
    public required string Name { get; init; }

    /// <summary>Empty: none that we know.</summary>
    public required string Provider { get; init; }
    public required long Mails { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>What became of an order to restrict an app.</summary>
internal abstract record DeliveryOutcome
{
    private DeliveryOutcome() { }

    public sealed record Saved : DeliveryOutcome;

    public sealed record Unknown : DeliveryOutcome;

    /// <param name="Entry">That is neither a name nor a range.</param>
    public sealed record BadSource(string Entry) : DeliveryOutcome;

    /// <summary>A restriction to nobody would hold all mail.</summary>
    public sealed record Nobody : DeliveryOutcome;

    /// <param name="Word">No such mode or provider.</param>
    public sealed record BadWord(string Word) : DeliveryOutcome;
}

/// <summary>Sets from whom an app takes its mail, and tells from whom it came so far.</summary>
internal sealed class DeliveryRules(IStore store, DelivererList deliverers)
{
    /// <summary>Mails from one provider and nobody else before it is suggested.</summary>
    private const int Enough = 3;

    private const int MostShown = 50;

    public async Task<DeliveryOutcome> SetAsync(Guid organisationId, Guid appId, DeliveryRule rule, CancellationToken cancel)
    {
        if (!DeliveryRule.Modes.Contains(rule.Mode)) return new DeliveryOutcome.BadWord(rule.Mode);
        if (rule.Providers.FirstOrDefault(id => deliverers.Find(id) is null) is { } strange) return new DeliveryOutcome.BadWord(strange);
        if (rule.Sources.Wrong.FirstOrDefault() is { } wrong) return new DeliveryOutcome.BadSource(wrong);
        if (rule is { IsRestricted: true, Providers: [], Sources.Entries: [] }) return new DeliveryOutcome.Nobody();
        return await store.WriteAsync(
            Lane.Work,
            tx => tx.For(organisationId).Execute(
                """
                UPDATE app SET delivery = @Mode, delivery_providers = @providers, delivery_sources = @sources
                WHERE organisation_id = @organisation AND id = @appId AND state <> 'gone'
                """,
                new { appId, rule.Mode, providers = string.Join(' ', rule.Providers), sources = string.Join(' ', rule.Sources.Entries) }) == 1,
            cancel) ? new DeliveryOutcome.Saved() : new DeliveryOutcome.Unknown();
    }

    /// <summary>Most mails first.</summary>
    public Task<List<SeenDeliverer>> SeenAsync(Guid organisationId, Guid appId, CancellationToken cancel) => store.ReadAsync(
        tx => tx.For(organisationId).List<SeenDeliverer>(
            """
            SELECT name, provider, mails, first_at, last_at FROM deliverer
            WHERE organisation_id = @organisation AND app_id = @appId ORDER BY mails DESC, name LIMIT @MostShown
            """,
            new { appId, MostShown }),
        cancel);

    /// <returns>The provider that all mail came from so far; null while there is too little of it, or it came from others too.</returns>
    public static SeenDeliverer? Suggestion(IReadOnlyList<SeenDeliverer> seen) =>
        seen is [{ Provider.Length: > 0, Mails: >= Enough } only] ? only : null;

    /// <summary>Counts a mail.</summary>
    public static void Count(Tx tx, Guid organisationId, Guid appId, string name, string provider, DateTimeOffset at) => tx.For(organisationId).Execute(
        """
        INSERT INTO deliverer (organisation_id, app_id, name, provider, mails, first_at, last_at)
        VALUES (@organisation, @appId, @name, @provider, 1, @at, @at)
        ON CONFLICT (organisation_id, app_id, name) DO UPDATE SET mails = deliverer.mails + 1, provider = excluded.provider, last_at = excluded.last_at
        """,
        new { appId, name, provider, at });
}
