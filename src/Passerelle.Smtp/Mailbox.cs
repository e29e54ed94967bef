using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Passerelle.Smtp;

/// <summary>One address of an envelope.</summary>
/// <param name="LocalPart">Without quotes and backslashes; case is kept.</param>
/// <param name="Domain">A domain as written, or an address literal with its brackets; null where the address is a local
/// part alone (<c>&lt;postmaster&gt;</c>).</param>
public sealed record Mailbox(string LocalPart, string? Domain)
{
    private const int MaxLocalPart = 64;
    private const int MaxAddress = 254; // a path is 256 with its brackets

    public bool IsAddressLiteral => Domain is ['[', ..];

    /// <summary>Reads an address exactly as RFC 5321 §4.1.2 allows it, lengths of §4.5.3.1 included, without angle
    /// brackets. Stricter than what the wire accepts: use it for addresses that people type.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        var reader = new MailboxReader(text, strict: true);
        mailbox = reader.Read();
        if (mailbox is null || reader.Position != text.Length || text.Length > MaxAddress) mailbox = null;
        else if (Encoding.UTF8.GetByteCount(text.AsSpan(0, text.LastIndexOf('@'))) > MaxLocalPart) mailbox = null;
        return mailbox is not null;
    }

    /// <summary>The address as the wire writes it: quoted where it must be (RFC 5321 §4.1.2).</summary>
    public override string ToString() => Domain is null ? Quoted(LocalPart) : $"{Quoted(LocalPart)}@{Domain}";

    private static string Quoted(string local)
    {
        if (IsDotString(local)) return local;
        var quoted = new StringBuilder(local.Length + 4).Append('"');
        foreach (var c in local)
        {
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static bool IsDotString(string local)
    {
        if (local.Length == 0 || local[0] == '.' || local[^1] == '.') return false;
        for (var i = 0; i < local.Length; i++)
        {
            if (local[i] == '.' ? local[i - 1] == '.' : !PathSyntax.IsAtomText(local[i])) return false;
        }
        return true;
    }
}
