using System.Globalization;
using System.Resources;

namespace Passerelle.Gateway.Apps;

/// <summary>The English sentence of a problem, for terminals and programs; pages show the reader's language.</summary>
internal static class ProblemWords
{
    private static readonly ResourceManager Words = new("Passerelle.Gateway.Portal.Texts", typeof(ProblemWords).Assembly);

    public static string English(FieldProblem problem) => string.Format(
        CultureInfo.InvariantCulture, Words.GetString($"problem.{problem.Code}", CultureInfo.InvariantCulture) ?? problem.Code, problem.Argument);
}
