using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending.Orders;

/// <summary>
/// What makes an order one order, however often it is given (draft-ietf-httpapi-idempotency-key-header-07): the caller's own key,
/// and what was ordered under it.
/// </summary>
internal sealed record OrderKey(byte[] KeyHash, byte[] OrderHash)
{
    public const int Longest = 255;

    /// <summary>For so long a repeat is recognised.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <param name="caller">Two callers may choose the same words.</param>
    /// <param name="key">As the caller sent it.</param>
    public static OrderKey Of(Guid caller, string key, LetterOrder order) => new(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{caller:N}:{key}")), SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(order, JsonSerializerOptions.Web)));

    /// <returns>Null: nothing was ordered under it yet.</returns>
    public OrderOutcome? Before(Tx tx, Guid organisationId)
    {
        var known = tx.For(organisationId).One<Known>(
            "SELECT order_hash, letter_id FROM order_key WHERE organisation_id = @organisation AND key_hash = @KeyHash", new { KeyHash });
        return known switch
        {
            null => null,
            _ when known.OrderHash.AsSpan().SequenceEqual(OrderHash) => new OrderOutcome.Written(known.LetterId),
            _ => new OrderOutcome.KeyTaken(),
        };
    }

    public void Note(Tx tx, Guid organisationId, Guid letterId, DateTimeOffset now)
    {
        tx.Across("keys of last month").Execute("DELETE FROM order_key WHERE created_at < @before -- across: keys of last month", new { before = now - Kept });
        tx.For(organisationId).Execute(
            """
            INSERT INTO order_key (organisation_id, key_hash, order_hash, letter_id, created_at)
            VALUES (@organisation, @KeyHash, @OrderHash, @letterId, @now)
            """,
            new { KeyHash, OrderHash, letterId, now });
    }

    private sealed record Known
    {
        public required byte[] OrderHash { get; init; }
        public required Guid LetterId { get; init; }
    }
}
