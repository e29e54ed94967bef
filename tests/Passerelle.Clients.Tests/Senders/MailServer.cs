using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Passerelle.Journey.Tests;

namespace Passerelle.Clients.Tests.Senders;

/// <summary>A mail server on a loopback port of its own that relays all it is given to the gateway, from a queue in a folder of its own.</summary>
internal abstract class MailServer : IMailSender
{
    protected MailServer(string name)
    {
        Folder = Directory.CreateTempSubdirectory($"passerelle-{name}-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101); // its own users go through here
    }

    protected string Folder { get; }

    protected int Port { get; } = Ports.Kept();

    public async Task SendAsync(MailOnDisk mail, string to)
    {
        using MimeMessage message = await MimeMessage.LoadAsync(mail.Path, ClientsLab.Cancel);
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", Port, SecureSocketOptions.None, ClientsLab.Cancel);
        await client.SendAsync(message, new MailboxAddress("", MailOnDisk.From), [new MailboxAddress("", to)], ClientsLab.Cancel);
        await client.DisconnectAsync(true, ClientsLab.Cancel);
    }

    public abstract ValueTask DisposeAsync();

    protected string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Folder);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Greets us, or says in <paramref name="log"/> why not.</summary>
    protected async Task ListensAsync(Func<string> log)
    {
        try
        {
            await Eventually.SeesAsync($"{GetType().Name} listens", async cancel =>
            {
                try
                {
                    using var client = new SmtpClient();
                    await client.ConnectAsync("127.0.0.1", Port, SecureSocketOptions.None, cancel);
                    await client.DisconnectAsync(true, cancel);
                    return true;
                }
                catch (Exception notYet) when (notYet is System.Net.Sockets.SocketException or IOException or SmtpProtocolException)
                {
                    return false;
                }
            });
        }
        catch (Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(log());
        }
    }
}
