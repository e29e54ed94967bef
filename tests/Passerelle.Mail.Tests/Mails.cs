using System.Text;

namespace Passerelle.Mail.Tests;

internal static class Mails
{
    public static ReadMail Read(string raw, ReadingContext? context = null) =>
        MailReader.Read(Encoding.UTF8.GetBytes(raw), context ?? new ReadingContext());
}
