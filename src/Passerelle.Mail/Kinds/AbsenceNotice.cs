using System.Text.RegularExpressions;
using Passerelle.Mail.NewWords;
using Passerelle.Mail.Threading;

namespace Passerelle.Mail.Kinds;

/// <summary>Knows an answering machine by its words, where its headers say nothing. It makes a kind likely, never sure; a machine that is
/// taken for a person gets an answer, and answers that, so doubt speaks for the machine where a mail answers ours.</summary>
internal static partial class AbsenceNotice
{
    /// <summary>Machines are brief.</summary>
    private const int Longest = 3_000;

    private const int MostOfSubject = 300;

    private static readonly Vocabulary Beginnings = new(AbsenceWords.SubjectBeginnings);
    private static readonly Vocabulary Alone = new(AbsenceWords.SubjectsAlone);
    private static readonly Vocabulary Sentences = new(AbsenceWords.MachineSentences);
    private static readonly Vocabulary Absences = new(AbsenceWords.Absences);
    private static readonly Vocabulary Besides = new(AbsenceWords.Besides);

    /// <summary>The subject is one that machines write: "[Auto-Reply] Your order", "Re: Automatic reply: …".</summary>
    public static bool IsSubject(string subject) => Beginnings.Begins(Folded(subject)) || Beginnings.Begins(Folded(BaseSubject.OfAnyLanguage(subject).Text));

    /// <param name="answers">The mail answers another one, by its headers or its subject.</param>
    /// <param name="reply">What the mail says itself.</param>
    /// <returns>What gave it away; null when nothing did.</returns>
    public static string? In(string subject, bool answers, Reply reply)
    {
        if (IsSubject(subject)) return $"Subject: {subject}";
        bool alone = Alone.Is(Head().Match(Folded(BaseSubject.OfAnyLanguage(subject).Text)).Value.Trim());
        if (Said(reply) is not { Length: > 0 and <= Longest } said) return alone && answers ? $"Subject: {subject}" : null;
        string? sentence = Sentences.FirstIn(said), absence = Absences.FirstIn(said);
        bool asks = said.AsSpan().ContainsAny('?', '\uff1f', '\u061f'); // a question is a person's
        if (sentence is not null && (!asks || absence is not null || BesidesOf(Sentences, sentence, said) > 0)) return $"\"{sentence}\"";
        if (alone && (answers || absence is not null)) return $"Subject: {subject}";
        return absence is not null && answers && !asks && BesidesOf(Absences, absence, said) >= 2 ? $"\"{absence}\"" : null;
    }

    /// <returns>How much else is said that machines say, in a language of the phrase.</returns>
    private static int BesidesOf(Vocabulary vocabulary, string phrase, string said) =>
        vocabulary.LanguagesOf(phrase).Max(language => Besides.CountIn(said, language));

    private static string Folded(string subject) =>
        Folding.Of(subject.Length <= MostOfSubject ? subject : subject[..MostOfSubject]).TrimStart(' ', '"', '\'', '*', '<', '[', '(', '«', '„', '“', '「', '【', '-');

    /// <summary>All but the past; line ends are blanks, so that folding hides no phrase.</summary>
    private static string Said(Reply reply)
    {
        var own = reply.Parts.Where(part => part.Kind is not ReplyPartKind.Quoted).Select(part => part.Text).ToList();
        if (own.Sum(text => text.Length) > Longest) return "";
        return string.Join(' ', own.SelectMany(text => text.Split('\n')).Select(line => Folding.Of(line).Trim()));
    }

    [GeneratedRegex(@"^[^:\-\u2013\u2014(\[|,!?.0-9\u3010\uff1a]*", RegexOptions.NonBacktracking)]
    private static partial Regex Head();
}
