using System.Globalization;
using System.Resources;

namespace Passerelle.Gateway.Apps;

/// <summary>The English sentence of a problem, for terminals and programs; pages show the reader's language.</summary>
internal static class ProblemWords
{
    private static readonly ResourceManager Words = new("Passerelle.Gateway.Portal.Texts", typeof(ProblemWords).Assembly);

    public static string English(FieldProblem problem) => English($"problem.{problem.Code}", problem.Argument);

    /// <param name="key">A resource of the portal's texts.</param>
    public static string English(string key, params IReadOnlyList<string> arguments) =>
        string.Format(CultureInfo.InvariantCulture, Words.GetString(key, CultureInfo.InvariantCulture) ?? key, [.. arguments]);
}
