using System.Security.Cryptography;
using System.Text;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Identity;

/// <summary>Makes and checks client secrets (facts §1.9).</summary>
internal static class ClientSecrets
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";

    /// <returns>The record to keep and the value to show once: 40 characters, <c>8Q~</c> after the third.</returns>
    public static (ClientSecret Kept, string Value) Make(string description, Guid keyId, DateTimeOffset from, DateTimeOffset until)
    {
        var value = RandomNumberGenerator.GetString(Alphabet.AsSpan(0, 62), 3) + "8Q~" + RandomNumberGenerator.GetString(Alphabet, 34);
        return (new ClientSecret
        {
            KeyId = keyId,
            Description = description,
            Sha256 = Digest(value),
            Hint = value[..3],
            StartsAt = from,
            EndsAt = until,
        }, value);
    }

    /// <returns>Null when the value is a current secret of the application.</returns>
    public static StsError? Check(AppRegistration app, string value, DateTimeOffset now)
    {
        var digest = Encoding.ASCII.GetBytes(Digest(value));
        ClientSecret? match = app.Secrets.FirstOrDefault(
            s => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(s.Sha256), digest));
        if (match is null) return StsErrors.WrongSecret(app);
        return now >= match.EndsAt ? StsErrors.ExpiredSecret(app) : null;
    }

    private static string Digest(string value) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
