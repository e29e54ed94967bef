using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>
/// Slows guessing down, and what a stranger can make us do. Failures are rows, so a restart forgives nothing. Past the limit
/// each further attempt waits twice as long, from 30 seconds up to the window.
/// </summary>
internal sealed class SignInBrake(IStore store, IOptions<AccessOptions> options, TimeProvider time)
{
    private TimeSpan Window => TimeSpan.FromMinutes(options.Value.FailureWindowMinutes);

    /// <returns>How long to wait before the next attempt is looked at; null: now.</returns>
    public async Task<TimeSpan?> WaitAsync(string account, string address, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var failures = await store.ReadAsync(
            tx => (Account: Read(tx, AccountKey(account), now), Address: Read(tx, AddressKey(address), now)), cancel);
        var until = new[]
        {
            Until(failures.Account, options.Value.FailuresPerAccount),
            Until(failures.Address, options.Value.FailuresPerAddress),
        }.Max();
        return until > now ? until - now : null;
    }

    /// <summary>How long an owner's link, or whoever tries links that nobody made, has to wait; null: not at all.</summary>
    /// <param name="link">Null: there is no such link.</param>
    public async Task<TimeSpan?> WaitForLinkAsync(Guid? link, string address, CancellationToken cancel)
    {
        var (now, subject) = (time.GetUtcNow(), link is { } id ? LinkKey(id) : AddressKey(address));
        var failures = await store.ReadAsync(tx => Read(tx, subject, now), cancel);
        var until = Until(failures, link is null ? options.Value.FailuresPerAddress : options.Value.OpeningsPerOwnerLink);
        return until > now ? until - now : null;
    }

    /// <summary>An owner's link led to the provider once more, or somebody tried one that nobody made.</summary>
    /// <inheritdoc cref="WaitForLinkAsync"/>
    public Task CountLinkAsync(Guid? link, string address, CancellationToken cancel) => CountAsync([link is { } id ? LinkKey(id) : AddressKey(address)], cancel);

    public Task CountFailureAsync(string account, string address, CancellationToken cancel) => CountAsync([AccountKey(account), AddressKey(address)], cancel);

    private Task CountAsync(string[] subjects, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx =>
        {
            var now = time.GetUtcNow();
            var sql = tx.Across("sign-in failures are global");
            foreach (var subject in subjects)
            {
                sql.Execute("INSERT INTO sign_in_failure (subject, at) VALUES (@subject, @now)", new { subject, now });
            }
            return sql.Execute("DELETE FROM sign_in_failure WHERE at < @old", new { old = now - Window });
        },
        cancel);

    /// <summary>The account's own failures end with a success; those of the address stay.</summary>
    public static void Forget(Tx tx, string account) => tx.Across("sign-in failures are global").Execute(
        "DELETE FROM sign_in_failure WHERE subject = @subject", new { subject = AccountKey(account) });

    private Failures Read(Tx tx, string subject, DateTimeOffset now) => tx.Across("sign-in failures are global").One<Failures>(
        "SELECT COUNT(*) AS count, MAX(at) AS last FROM sign_in_failure WHERE subject = @subject AND at > @since",
        new { subject, since = now - Window })!; // an aggregate always has its row

    private DateTimeOffset Until(Failures failures, int limit)
    {
        if (failures.Count < limit || failures.Last is not { } last) return DateTimeOffset.MinValue;
        var seconds = 30 * Math.Pow(2, Math.Min(failures.Count - limit, 20));
        return DateTimeOffset.FromUnixTimeMilliseconds(last) + TimeSpan.FromSeconds(Math.Min(seconds, Window.TotalSeconds));
    }

    private static string AccountKey(string account) => $"account:{(account.Length > 254 ? account[..254] : account)}";

    private static string LinkKey(Guid link) => $"owner-link:{link}";

    private static string AddressKey(string address) => $"address:{address}";

    private sealed record Failures
    {
        public long Count { get; init; }

        /// <summary>Unix milliseconds.</summary>
        public long? Last { get; init; }
    }
}
