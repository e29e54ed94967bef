using Passerelle.Lab.Identity.Catalogue;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Faults;

/// <summary>Everything that can be injected by code: AADSTS (facts §2), Graph (§4.2), SMTP (§5.4 to §5.6), DNS.</summary>
internal static class FaultCatalogue
{
    private static readonly FaultPlace[] Sts = [FaultPlace.Token, FaultPlace.Authorize, FaultPlace.Discovery, FaultPlace.Keys];

    /// <summary>Sign-in first, then mail, then names.</summary>
    public static IReadOnlyList<FaultRow> All { get; } =
    [
        .. StsCatalogue.All.OrderBy(c => c.Code).Select(c => new FaultRow(
            c.Code.ToString(System.Globalization.CultureInfo.InvariantCulture), Sts, c.Text, c.Step, c.Fact, c.Status, c.Error)),
        .. GraphFaults.Rows, .. MailFaults.Rows, .. ReadingFaults.Rows, .. NameFaults.Rows,
    ];

    /// <param name="code">With or without AADSTS before a number.</param>
    public static FaultRow? Find(string code, FaultPlace place)
    {
        var key = code.StartsWith("AADSTS", StringComparison.OrdinalIgnoreCase) ? code[6..] : code;
        return All.FirstOrDefault(row => row.Code.Equals(key, StringComparison.OrdinalIgnoreCase) && row.Places.Contains(place));
    }

    public static IEnumerable<FaultRow> Search(string? wanted) =>
        string.IsNullOrWhiteSpace(wanted) ? All : All.Where(row => row.Matches(wanted.Trim()));
}
