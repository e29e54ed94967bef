using System.Text;

namespace Passerelle.Smtp;

/// <summary>One address of an envelope.</summary>
/// <param name="LocalPart">Without quotes and backslashes; case is kept.</param>
/// <param name="Domain">A domain as written, or an address literal with its brackets; null where the address is a local
/// part alone (<c>&lt;postmaster&gt;</c>).</param>
public sealed record Mailbox(string LocalPart, string? Domain)
{
    public bool IsAddressLiteral => Domain is ['[', ..];

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
