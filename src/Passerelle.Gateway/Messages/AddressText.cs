namespace Passerelle.Gateway.Messages;

/// <summary>Comparing bare addresses. Case never distinguishes two mailboxes here, although RFC 5321 §2.4 would allow it.</summary>
internal static class AddressText
{
    /// <summary>Lower case without surrounding space or angle brackets: what columns hold and caps count by.</summary>
    public static string Fold(string address) => address.Trim().TrimStart('<').TrimEnd('>').Trim().ToLowerInvariant();

    public static bool Same(string one, string other) => Fold(one) == Fold(other);

    /// <summary>What follows the last @, folded; empty when there is none.</summary>
    public static string DomainOf(string address) =>
        Fold(address) is var folded && folded.LastIndexOf('@') is >= 0 and var at ? folded[(at + 1)..] : "";
}
