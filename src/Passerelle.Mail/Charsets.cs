using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Passerelle.Mail;

/// <summary>Mails come in every charset of the last forty years; .NET knows most of them only when asked. MimeKit asks once which there are, when it
/// is first used, and keeps the answer for the life of the process: so they are there before anything of ours can use it.</summary>
internal static class Charsets
{
    [SuppressMessage("Usage", "CA2255", Justification = "Whoever composes a letter before the first mail is read must not decide what can be read")]
    [ModuleInitializer]
    internal static void Know() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
