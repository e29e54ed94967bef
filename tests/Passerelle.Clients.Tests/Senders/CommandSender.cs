namespace Passerelle.Clients.Tests.Senders;

/// <summary>A client that is run once a mail.</summary>
/// <param name="arguments">Of the mail and the recipient.</param>
/// <param name="fromFile">The mail comes on standard input instead of by its path.</param>
internal sealed class CommandSender(string program, Func<MailOnDisk, string, IEnumerable<string>> arguments, bool fromFile = false) : IMailSender
{
    public async Task SendAsync(MailOnDisk mail, string to)
    {
        (var code, var said) = await Programs.RunAsync(program, arguments(mail, to), fromFile ? mail.Path : null);
        Assert.True(code == 0, $"{program} ended with {code}: {said}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
