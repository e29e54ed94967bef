using System.Globalization;

namespace Passerelle.Gateway.Apps;

/// <summary>Why a file, or one app in it, was refused, or what is left to do after it; where in the file, and in the reader's language.</summary>
/// <param name="Line">From 1; 0: the file as a whole.</param>
/// <param name="Field">As the file writes it; empty: the app as a whole.</param>
/// <param name="Says">A sentence of ours; null where <paramref name="Problem"/> is what the form's own rules say.</param>
internal sealed record AppliedReason(long Line, string Field, Phrase? Says, FieldProblem? Problem)
{
    /// <summary>It stops nothing: a person enters it once the app is there.</summary>
    public bool IsLeftToDo { get; init; }

    /// <summary>For programs and terminals.</summary>
    public string Sentence => In(CultureInfo.InvariantCulture);

    /// <summary>Of the file as a whole.</summary>
    public static AppliedReason File(Phrase says) => new(0, "", says, null);

    /// <param name="line">From 1; YAML's own count.</param>
    public static AppliedReason At(long line, Phrase says, string field = "") => new(line, field, says, null);

    public string In(CultureInfo language)
    {
        var words = Says is { } says ? PhraseWords.In(says, language) : Problem is { } problem ? ProblemWords.In(problem, language) : "";
        var whole = Problem is { IsWarning: true } ? PhraseWords.In(Phrase.Of("{0} (a warning)", words), language) : words;
        return PhraseWords.In(this switch
        {
            { IsLeftToDo: true } => Phrase.Of("Left to do in the portal: {0}", whole),
            { Line: > 0, Field.Length: > 0 } => Phrase.Of("Line {0}, {1}: {2}", Line.ToString(CultureInfo.InvariantCulture), Field, whole),
            { Line: > 0 } => Phrase.Of("Line {0}: {1}", Line.ToString(CultureInfo.InvariantCulture), whole),
            _ => new Phrase("{0}", whole),
        }, language);
    }
}
