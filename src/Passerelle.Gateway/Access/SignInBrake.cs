using Microsoft.Extensions.Options;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>
/// Slows guessing down. Failures are rows, so a restart forgives nothing. Past the limit each further attempt waits
/// twice as long, from 30 seconds up to the window.
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

    public Task CountFailureAsync(string account, string address, CancellationToken cancel) => store.WriteAsync(
        Lane.Work,
        tx =>
        {
            var now = time.GetUtcNow();
            var sql = tx.Across("sign-in failures are global");
            foreach (var subject in new[] { AccountKey(account), AddressKey(address) })
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

    private static string AddressKey(string address) => $"address:{address}";

    private sealed record Failures
    {
        public long Count { get; init; }

        /// <summary>Unix milliseconds.</summary>
        public long? Last { get; init; }
    }
}
