namespace Passerelle.Gateway.Apps;

/// <summary>One thing wrong with one field. The words are the resource <c>problem.{Code}</c>, in the reader's language.</summary>
/// <param name="Field">Name of the property of <see cref="AppForm"/>.</param>
/// <param name="Code">What is wrong, in kebab case.</param>
/// <param name="Argument">Fills {0} of the text; empty where it has none.</param>
/// <param name="IsWarning">True: explained before saving, and saved once the admin has read it.</param>
internal sealed record FieldProblem(string Field, string Code, string Argument = "", bool IsWarning = false);
