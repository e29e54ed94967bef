using System.Text.RegularExpressions;

namespace Passerelle.Mail;

/// <summary>The address in a header that is no address list: its brackets are missing, or they stand within an encoded word.</summary>
internal static partial class StrayAddress
{
    /// <param name="header">Decoded.</param>
    /// <returns>Null when there is none, or more than one.</returns>
    public static MailParty? In(string header)
    {
        if (Address().Matches(header) is not [{ } found]) return null;
        string name = AddressText.OneLine(header[..found.Index].Trim(' ', '<', '"', '[', '(', '\'', '\t', '\r', '\n'));
        return new MailParty(found.Value, name.Length == 0 ? null : name);
    }

    [GeneratedRegex(@"[^\s<>()\[\]"",:;@=?]{1,100}@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
