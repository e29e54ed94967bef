using CsCheck;

namespace Passerelle.Mail.Tests.Damage;

/// <summary>Files of the corpora, cut off and with bytes changed: whatever arrives is a message, never a fault.</summary>
public class DamageTests
{
    /// <summary>Larger ones say the same more slowly.</summary>
    private const int LargestFile = 64 * 1024;

    [Fact]
    public void A_damaged_file_of_the_corpora_is_never_a_fault()
    {
        string[] files = [.. Corpora.Mails("mime-", "inbound-", "bounce-", "feedback-", "tnef-", "ical-", "autoreply", "dsn-", "smtp-").Where(file => new FileInfo(file).Length <= LargestFile).Order(StringComparer.Ordinal)];
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, LargestFile], Gen.Select(Gen.Int[0, LargestFile], Gen.Byte).Array[0, 50]).Sample(
            (which, cut, changes) =>
            {
                byte[] raw = File.ReadAllBytes(files[which]);
                if (cut < raw.Length && cut % 2 == 0) raw = raw[..cut];
                if (raw.Length > 0) foreach (var (at, value) in changes) raw[at % raw.Length] = value;
                ReadMail mail = MailReader.Read(raw, new ReadingContext());
                return mail.Digest.Length == 64 && !mail.Judgement.Evidence.StartsWith("Parser failed", StringComparison.Ordinal) && InspectReport.Of("x", mail).ToJson().Length > 0;
            },
            iter: 400);
    }
}
