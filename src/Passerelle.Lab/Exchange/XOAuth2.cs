using System.Text;

namespace Passerelle.Lab.Exchange;

/// <summary>The initial response of AUTH XOAUTH2: <c>user={mailbox}^Aauth=Bearer {token}^A^A</c> (facts/microsoft365.md §5.3).</summary>
internal sealed record XOAuth2(string User, string Token)
{
    private const string Bearer = "auth=Bearer ";

    /// <returns>Null when the data has another form: answered 501 5.5.124.</returns>
    public static XOAuth2? TryParse(ReadOnlySpan<byte> data)
    {
        var parts = Encoding.UTF8.GetString(data).Split('\x01');
        return parts is [var user, var auth, "", ""]
            && user.StartsWith("user=", StringComparison.OrdinalIgnoreCase)
            && auth.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? new XOAuth2(user["user=".Length..], auth[Bearer.Length..])
            : null;
    }
}
