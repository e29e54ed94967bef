namespace Passerelle.Gateway.Apps;

/// <summary>What became of a form that was handed in.</summary>
internal abstract record SaveOutcome
{
    private SaveOutcome() { }

    /// <param name="Reauthorise">True when what changed makes the grant useless.</param>
    public sealed record Saved(EmailApp App, bool Reauthorise) : SaveOutcome;

    /// <summary>Nothing was stored: errors, or warnings that nobody has read yet.</summary>
    public sealed record Invalid(IReadOnlyList<FieldProblem> Problems) : SaveOutcome;

    /// <summary>Somebody else saved since this form was opened; nothing was stored.</summary>
    public sealed record Stale(EmailApp Current) : SaveOutcome;

    public sealed record Unknown : SaveOutcome;
}
