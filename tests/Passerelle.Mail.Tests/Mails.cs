using System.Text;

namespace Passerelle.Mail.Tests;

internal static class Mails
{
    public static ReadMail Read(string raw, ReadingContext? context = null) =>
        MailReader.Read(Encoding.UTF8.GetBytes(raw), context ?? new ReadingContext());

    /// <summary>A mail of the corpora.</summary>
    public static ReadMail Read(string folder, string file) => MailReader.Read(Corpora.Bytes(folder, file), new ReadingContext());
}
