namespace Passerelle.Gateway.Apps;

/// <summary>Rules of what an app calls itself: display name, Reply-To, signature, other addresses of its mailbox.</summary>
internal static class AppNamingRules
{
    public const int LongestSignature = 4000;
    private const int MostAliases = 50;
    private static readonly char[] Between = [' ', ',', ';', '\r', '\n', '\t'];

    public static IEnumerable<FieldProblem> Judge(AppForm form, EmailApp stored, string inboundDomain) =>
    [
        .. DisplayName(form.DisplayName),
        .. ReplyTo(form, stored, inboundDomain),
        .. Signature(form.Signature),
        .. Aliases(form, inboundDomain),
    ];

    /// <returns>As the column holds them: one blank between them, each once, the mailbox itself left out.</returns>
    public static string Normal(string aliases, string emailId) => string.Join(' ', aliases
        .Split(Between, StringSplitOptions.RemoveEmptyEntries)
        .Where(address => !address.Equals(emailId.Trim(), StringComparison.OrdinalIgnoreCase))
        .Distinct(StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<FieldProblem> DisplayName(string name)
    {
        const string Field = nameof(AppForm.DisplayName);
        if (name.Length > 100) yield return new(Field, "text-long", "100");
        else if (name.Any(char.IsControl)) yield return new(Field, "text-control");
    }

    private static IEnumerable<FieldProblem> ReplyTo(AppForm form, EmailApp stored, string inboundDomain)
    {
        const string Field = nameof(AppForm.ReplyTo);
        var address = form.ReplyTo.Trim();
        if (address.Length == 0 || address == stored.ReplyTo) yield break; // judged when it was saved
        if (!AppFormRules.IsAddress(address)) yield return new(Field, "address-invalid", Shown(address));
        else if (IsOurs(address, inboundDomain)) yield return new(Field, "reply-to-is-ours", inboundDomain);
        else if (!address.Equals(form.EmailId.Trim(), StringComparison.OrdinalIgnoreCase)) yield return new(Field, "reply-to-elsewhere", address, IsWarning: true);
    }

    private static IEnumerable<FieldProblem> Signature(string text)
    {
        if (text.Length > LongestSignature) yield return new(nameof(AppForm.Signature), "text-long", "4000");
        else if (text.Any(letter => char.IsControl(letter) && letter is not ('\r' or '\n' or '\t'))) yield return new(nameof(AppForm.Signature), "text-control");
    }

    private static IEnumerable<FieldProblem> Aliases(AppForm form, string inboundDomain)
    {
        const string Field = nameof(AppForm.Aliases);
        var addresses = form.Aliases.Split(Between, StringSplitOptions.RemoveEmptyEntries);
        if (addresses.Length > MostAliases) yield return new(Field, "aliases-many", "50");
        else if (Array.Find(addresses, address => !AppFormRules.IsAddress(address)) is { } wrong) yield return new(Field, "address-invalid", Shown(wrong));
        else if (Array.Find(addresses, address => IsOurs(address, inboundDomain)) is { } ours) yield return new(Field, "alias-is-ours", ours);
    }

    private static bool IsOurs(string address, string inboundDomain) =>
        AppFormRules.Domain(address).Equals(inboundDomain, StringComparison.OrdinalIgnoreCase);

    private static string Shown(string address) => address.Length > 80 ? address[..80] : address;
}
