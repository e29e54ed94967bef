using CsCheck;
using Passerelle.Dev.Soak.Read;

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

    /// <summary>A sample of <c>./dev soak read</c>, by its own code: every so many files, cut and flipped.</summary>
    [Fact]
    public void The_soak_of_the_readers_finds_nothing_in_a_sample()
    {
        const int Every = 23, Times = 2, LargestOfSample = 256 * 1024;
        string root = Corpora.Folder("");
        List<string> findings = [], files = [.. Corpora.Mails("").Where(file => new FileInfo(file).Length <= LargestOfSample).Order(StringComparer.Ordinal)];
        for (int i = 0; i < files.Count; i += Every)
        {
            string file = Path.GetRelativePath(root, files[i]).Replace('\\', '/');
            var damage = new FileDamage(file, seed: 1);
            byte[] whole = File.ReadAllBytes(files[i]);
            foreach (byte[] raw in damage.Of(whole, Times).Append(whole).SelectMany(one => new[] { one, damage.Enclose(one) }).OfType<byte[]>())
            {
                try
                {
                    OneRead.Of(raw);
                }
                catch (Exception fault) when (fault is not OutOfMemoryException)
                {
                    findings.Add($"{file}: {fault}");
                }
            }
        }
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
