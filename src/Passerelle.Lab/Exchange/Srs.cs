using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

/// <summary>Exchange Online's sender rewriting of forwarded mail (facts/microsoft365.md §6.3):
/// <c>{box}+SRS={hash}={tt}={domain}={local}@{forwarding domain}</c>, so that a bounce finds its way back.</summary>
/// <param name="key">Secret of the lab's host; a hash made with another one is refused.</param>
internal sealed partial class Srs(byte[] key)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int LongestLocalPart = 64;
    private const int DaysValid = 21;

    /// <returns>The new reverse-path; the null sender stays null (empty). When the local part would pass 64 characters
    /// (RFC 5321 §4.5.3.1.1) the <c>bounces+SRS=</c> form, which only <see cref="BounceBook"/> can turn back.</returns>
    /// <param name="bounces">Domain of the <c>bounces+SRS=</c> form; null is the mailbox's own.</param>
    /// <param name="form">The form that is wanted where both fit.</param>
    public string Rewrite(
        string reversePath, string mailbox, DateTimeOffset now, string? bounces = null, SrsForm form = SrsForm.Sender)
    {
        if (reversePath.Length == 0) return "";
        var sender = MailAddress.Parse(reversePath);
        var box = MailAddress.Parse(mailbox);
        var day = Day(now);
        var hash = Hash(day, sender);
        var local = $"{box.Local}+SRS={hash}={day}={sender.Domain}={sender.Local}";
        return form is SrsForm.Sender && local.Length <= LongestLocalPart
            ? $"{local}@{box.Domain}"
            : $"bounces+SRS={hash}={day}@{bounces ?? box.Domain}";
    }

    /// <returns>The address that wrote the mail, or null when this is no SRS address of ours or it is too old.</returns>
    public string? Reverse(string recipient, DateTimeOffset now)
    {
        if (Form().Match(recipient) is not { Success: true } match) return null;
        var day = match.Groups["t"].Value.ToUpperInvariant();
        var sender = new MailAddress(match.Groups["user"].Value, match.Groups["dom"].Value);
        var right = string.Equals(Hash(day, sender), match.Groups["h"].Value, StringComparison.OrdinalIgnoreCase);
        return right && Enumerable.Range(0, DaysValid).Any(age => Day(now.AddDays(-age)) == day) ? sender.ToString() : null;
    }

    /// <summary>Two base32 characters: the days since 1970, modulo 1024.</summary>
    private static string Day(DateTimeOffset now)
    {
        var day = (int)(now.ToUnixTimeSeconds() / 86_400 % 1024);
        return string.Create(CultureInfo.InvariantCulture, $"{Alphabet[day >> 5]}{Alphabet[day & 31]}");
    }

    private string Hash(string day, MailAddress sender)
    {
        var text = $"{day}={sender.Domain.ToLowerInvariant()}={sender.Local.ToLowerInvariant()}";
        var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
        return string.Concat(mac.Take(5).Select(b => Alphabet[b & 31])).ToLowerInvariant();
    }

    [GeneratedRegex(@"^(?<box>.+)\+SRS=(?<h>[^=]{4,6})=(?<t>[A-Z2-7]{2})=(?<dom>[^=]+)=(?<user>.+)@(?<fdom>[^@]+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 200)]
    private static partial Regex Form();
}
