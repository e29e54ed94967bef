namespace Passerelle.Mail.Kinds;

/// <summary>Makes a judgement whose evidence a page can show.</summary>
internal static class Evidence
{
    public static KindJudgement Sure(MailKind kind, string seen) => new(kind, Certainty.Sure, AddressText.OneLine(seen, 200));

    public static KindJudgement Likely(MailKind kind, string seen) => new(kind, Certainty.Likely, AddressText.OneLine(seen, 200));
}
