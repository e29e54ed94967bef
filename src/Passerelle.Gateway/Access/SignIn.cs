using Microsoft.AspNetCore.Identity;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Access;

/// <summary>What became of an attempt to sign in.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome() { }

    /// <param name="Secret">The cookie's value.</param>
    public sealed record SignedIn(string Secret) : SignInOutcome;

    /// <summary>Wrong address or wrong password: which of them is never said.</summary>
    public sealed record Refused : SignInOutcome;

    /// <summary>Too many failures; the password was not even looked at.</summary>
    public sealed record Later(TimeSpan Wait) : SignInOutcome;
}

/// <summary>Password sign-in, slowed down per account and per address.</summary>
internal sealed class SignIn(IStore store, Sessions sessions, SignInBrake brake, TimeProvider time)
{
    private static readonly PasswordHasher<string> Hasher = new();

    /// <summary>Verified when there is no such account, so that both answers take as long.</summary>
    private static readonly string Nobody = Hasher.HashPassword("", Sessions.NewSecret());

    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <param name="address">The client's network address.</param>
    public async Task<SignInOutcome> TryAsync(string email, string password, string address, CancellationToken cancel)
    {
        var account = People.Fold(email);
        if (await brake.WaitAsync(account, address, cancel) is { } wait) return new SignInOutcome.Later(wait);

        var known = account.Length <= 254 ? await FindAsync(account, cancel) : null;
        var right = password.Length <= 256
            && Hasher.VerifyHashedPassword("", known?.PasswordHash ?? Nobody, password) != PasswordVerificationResult.Failed;
        if (known is null || !right)
        {
            await brake.CountFailureAsync(account, address, cancel);
            return new SignInOutcome.Refused();
        }
        return await OpenAsync(known, account, address, cancel);
    }

    private Task<SignInOutcome> OpenAsync(Account known, string account, string address, CancellationToken cancel) =>
        store.WriteAsync<SignInOutcome>(
            Lane.Work,
            tx =>
            {
                var organisation = tx.Across("a person's organisations").List<Guid>(
                    "SELECT organisation_id FROM membership WHERE person_id = @Id ORDER BY organisation_id -- across: a person's organisations",
                    new { known.Id }).FirstOrDefault();
                if (organisation == Guid.Empty) return new SignInOutcome.Refused(); // every membership was taken away
                var secret = Sessions.NewSecret();
                sessions.Start(tx, secret, known.Id, organisation);
                SignInBrake.Forget(tx, account);
                Audit.Insert(tx, organisation, known.Id, address, new Deed("signed-in", AuditKinds.Person, known.Id.ToString()), time.GetUtcNow());
                return new SignInOutcome.SignedIn(secret);
            },
            cancel);

    private Task<Account?> FindAsync(string account, CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("people are global").One<Account>(
            "SELECT id, password_hash FROM person WHERE email = @account", new { account }),
        cancel);

    private sealed record Account
    {
        public required Guid Id { get; init; }
        public required string PasswordHash { get; init; }
    }
}
