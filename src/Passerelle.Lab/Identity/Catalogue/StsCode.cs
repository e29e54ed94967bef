using System.Text.RegularExpressions;

namespace Passerelle.Lab.Identity.Catalogue;

/// <summary>One row of the catalogue.</summary>
/// <param name="Error">The OAuth <c>error</c>; discovery and <c>prompt=none</c> change it for a few codes.</param>
/// <param name="Text">Message template without number and trailer; <c>{name}</c> is filled at run time.</param>
/// <param name="Step">The step of the guide that is wrong (facts §0), such as <c>E4/G1</c>.</param>
/// <param name="Fact">Id of the row in the facts' index.</param>
/// <param name="Page">Whether authorize shows it on the page instead of sending the person back.</param>
internal sealed partial record StsCode(
    int Code, string Error, string Text, string Step, string Fact, int Status = 400, bool Page = false, string? Suberror = null)
{
    /// <param name="values">In the order in which each placeholder stands first; a missing one leaves the placeholder's name.</param>
    public StsError Say(params ReadOnlySpan<string> values)
    {
        var names = new List<string>();
        string[] given = [.. values];
        var text = Placeholder().Replace(Text, found =>
        {
            var name = found.Groups[1].Value;
            if (!names.Contains(name)) names.Add(name);
            var at = names.IndexOf(name);
            return at < given.Length ? given[at] : name;
        });
        return new StsError(Code, Error, text, Status, Suberror);
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholder();
}
