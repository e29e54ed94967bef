using Passerelle.Mail;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Dev.Soak.Read;

/// <summary>All that is done to a mail: it is read, its report is written, its authenticity judged without a DNS.</summary>
internal static class OneRead
{
    private const string Broken = "Parser failed";

    /// <returns>The message as one line.</returns>
    /// <exception cref="InvalidOperationException">The reader says of itself that it failed.</exception>
    public static string Of(byte[] raw)
    {
        var mail = MailReader.Read(raw, new ReadingContext());
        if (mail.Judgement.Evidence.StartsWith(Broken, StringComparison.Ordinal)) throw new InvalidOperationException(mail.Judgement.Evidence);
        if (mail.Digest.Length != 64) throw new InvalidOperationException("It has no digest");
        var authenticity = new Authenticity(new NoDns(), Authenticity.UsualSealers, TimeProvider.System);
        var judging = authenticity.JudgeAsync(raw, null, CancellationToken.None);
        if (!judging.IsCompletedSuccessfully) throw new InvalidOperationException($"The verdict failed or waits: {judging.Exception?.InnerException?.Message}");
        return InspectReport.Of("", mail, judging.GetAwaiter().GetResult()).ToJson();
    }
}
