namespace Passerelle.Clients.Tests.Senders;

/// <summary>A program that no one here wrote, set up to hand its mail to one server over STARTTLS.</summary>
internal interface IMailSender : IAsyncDisposable
{
    /// <summary>Returns when the program has taken the mail; a queue of its own may still hold it.</summary>
    Task SendAsync(MailOnDisk mail, string to);
}
