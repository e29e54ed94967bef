using System.Globalization;
using System.Resources;

namespace Passerelle.Gateway.Apps;

/// <summary>The sentence of a problem outside of a page: in English for terminals and programs, or in a language that was asked for.</summary>
internal static class ProblemWords
{
    private static readonly ResourceManager Words = new("Passerelle.Gateway.Portal.Texts", typeof(ProblemWords).Assembly);

    public static string English(FieldProblem problem) => In(problem, CultureInfo.InvariantCulture);

    public static string In(FieldProblem problem, CultureInfo language) => In($"problem.{problem.Code}", language, problem.Argument);

    /// <param name="key">A resource of the portal's texts.</param>
    public static string English(string key, params IReadOnlyList<string> arguments) => In(key, CultureInfo.InvariantCulture, arguments);

    private static string In(string key, CultureInfo language, params IReadOnlyList<string> arguments) =>
        string.Format(language, Words.GetString(key, language) ?? key, [.. arguments]);
}
