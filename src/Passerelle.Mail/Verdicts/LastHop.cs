using System.Net;

namespace Passerelle.Mail.Verdicts;

/// <summary>Who handed the mail to us, as the receipt keeps it.</summary>
/// <param name="Helo">What the client called itself.</param>
/// <param name="MailFrom">Bare; "" is the null sender.</param>
public sealed record LastHop(IPAddress Client, string Helo, string MailFrom);
