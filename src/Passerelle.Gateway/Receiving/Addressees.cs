using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Store;
using Passerelle.Smtp;

namespace Passerelle.Gateway.Receiving;

/// <summary>Whom a recipient belongs to. <see cref="AppId"/> is <see cref="Receipt.NoApp"/> for postmaster.</summary>
/// <param name="CanaryId">Set for a return address of the doctor: what comes is a report about that mail, and no message.</param>
internal sealed record Addressee(Guid OrganisationId, Guid AppId, Guid? CanaryId = null);

/// <summary>The first run has not been done: a refusal for good could bounce mail that is ours tomorrow.</summary>
internal sealed class NotSetUp() : Exception("This installation has not been set up");

/// <summary>
/// Who may be written to (design §8.5): forwarding addresses, unless an admin closed them, of apps that are not gone, postmaster (RFC 5321 §4.5.1
/// MUST), whose mail the first organisation keeps, and the doctor's return addresses. A known owner is remembered for a short while; an unknown address is
/// asked anew each time, so that a draft's address works from its first second.
/// </summary>
internal sealed class Addressees(IStore store, IOptions<ReceivingOptions> options, TimeProvider time)
{
    private const int MostRemembered = 100_000;
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new();

    private volatile bool _isSetUp;

    /// <returns>Null: nobody here has that address.</returns>
    /// <exception cref="NotSetUp">Before the first run nobody can know whose an address is.</exception>
    public async ValueTask<Addressee?> FindAsync(Mailbox recipient, CancellationToken cancel)
    {
        var address = AddressText.Fold(recipient.Domain is { } domain ? $"{recipient.LocalPart}@{InAscii(domain)}" : recipient.LocalPart);
        if (_remembered.TryGetValue(address, out var known) && known.Until > time.GetUtcNow()) return known.Owner;

        var owner = recipient.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
            ? await PostmasterAsync(InAscii(recipient.Domain), cancel)
            : await OwnerAsync(address, cancel);
        if (owner is not null) Remember(address, owner);
        else if (!await IsSetUpAsync(cancel)) throw new NotSetUp();
        return owner;
    }

    /// <summary>An admin closed it: it is refused from now on.</summary>
    public void Forget(string forwardingAddress) => _remembered.TryRemove(AddressText.Fold(forwardingAddress), out _);

    private Task<Addressee?> OwnerAsync(string address, CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("the address says whose it is").One<Owner>(
            """
            -- across: the address says whose it is
            SELECT f.organisation_id, f.app_id FROM forwarding_address f
            JOIN app a ON a.organisation_id = f.organisation_id AND a.id = f.app_id
            WHERE f.address = @address AND f.closed_at IS NULL AND a.state <> 'gone'
            """,
            new { address }) is { } owner ? new Addressee(owner.OrganisationId, owner.AppId)
            : CanaryRows.ReturningTo(tx, address, time.GetUtcNow()) is { } canary ? new Addressee(canary.OrganisationId, canary.AppId, canary.Id)
            : null,
        cancel);

    private Task<Addressee?> PostmasterAsync(string? domain, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var inbound = tx.Across("settings of the installation")
                .One<string>("SELECT value FROM installation WHERE name = 'inbound_domain'");
            if (inbound is null || (domain is not null && !AddressText.Same(domain, inbound))) return null;
            var first = tx.Across("the first organisation keeps postmaster's mail")
                .List<Guid>("SELECT id FROM organisation ORDER BY id LIMIT 1");
            return first.Count > 0 ? new Addressee(first[0], Receipt.NoApp) : null;
        },
        cancel);

    private async ValueTask<bool> IsSetUpAsync(CancellationToken cancel) => _isSetUp || (_isSetUp = await store.ReadAsync(
        tx => tx.Across("settings of the installation").One<long>("SELECT COUNT(*) FROM installation WHERE name = 'inbound_domain'") > 0, cancel));

    /// <summary>A domain in its own script (RFC 6531 §3.3) and its A-label are one domain; ours is kept as the DNS has it.</summary>
    [return: NotNullIfNotNull(nameof(domain))]
    private static string? InAscii(string? domain)
    {
        if (domain is null || Ascii.IsValid(domain)) return domain;
        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain; // no domain of anybody
        }
    }

    private void Remember(string address, Addressee owner)
    {
        if (_remembered.Count >= MostRemembered) _remembered.Clear();
        _remembered[address] = new(owner, time.GetUtcNow().AddSeconds(options.Value.AddressSeconds));
    }

    private sealed record Owner
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
    }

    private readonly record struct Remembered(Addressee Owner, DateTimeOffset Until);
}
