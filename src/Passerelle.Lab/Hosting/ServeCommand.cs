using System.CommandLine;
using Passerelle.Lab.Control;

namespace Passerelle.Lab.Hosting;

/// <summary><c>passerelle-lab serve</c>: runs until SIGTERM or Ctrl+C; the labs are on disk by then.</summary>
internal static class ServeCommand
{
    public static RootCommand Root()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The data folder", DefaultValueFactory = _ => new("lab-data") };
        Option<int> https = Port("--https-port", "Identity, control API and pages");
        Option<int> http = Port("--http-port", "Pages and authorize, without a certificate");
        Option<int> smtp = Port("--smtp-port", "Submission");
        Option<int> mx = Port("--mx-port", "Mail from outside");
        Option<int> imap = Port("--imap-port", "Reading mailboxes by IMAP");
        Option<int> imapStartTls = Port("--imap-starttls-port", "The same, encrypted after STARTTLS");
        Option<int> dns = Port("--dns-port", "DNS of the labs' domains");
        var lab = new Option<FileInfo?>("--lab") { Description = "A lab described in YAML; its name is the file's. Read at each start: it replaces the lab's state" };
        var serve = new Command("serve", "Answer as Entra ID and Exchange Online, on loopback only") { data, lab, https, http, smtp, mx, imap, imapStartTls, dns };
        serve.SetAction(async (parsed, cancel) =>
        {
            var options = new LabOptions
            {
                Data = parsed.GetRequiredValue(data).FullName,
                HttpsPort = parsed.GetValue(https),
                HttpPort = parsed.GetValue(http),
                SmtpPort = parsed.GetValue(smtp),
                MxPort = parsed.GetValue(mx),
                ImapPort = parsed.GetValue(imap),
                ImapStartTlsPort = parsed.GetValue(imapStartTls),
                DnsPort = parsed.GetValue(dns),
            };
            try
            {
                await RunAsync(options, parsed.GetValue(lab), cancel);
                return 0;
            }
            catch (Exception fault) when (StartFault.Of(fault, options) is { } sentence)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(sentence);
                return 1;
            }
        });
        return new RootCommand("Microsoft 365 twin: Entra ID, Exchange Online and its admin pages") { serve };
    }

    private static async Task RunAsync(LabOptions options, FileInfo? described, CancellationToken cancel)
    {
        await using WebApplication app = LabApplication.Build(options, TimeProvider.System);
        if (described is not null) await DescribeAsync(app.Services, described, cancel);
        app.Lifetime.ApplicationStarted.Register(() => Tell(LabEndpoints.Of(app.Services)));
        await StartAsync(app, cancel);
        await app.WaitForShutdownAsync(cancel);
    }

    /// <summary>After a start that failed, what had started is stopped in order: a worker that disposal cuts off would be told as a crash.</summary>
    private static async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception fault)
        {
            try
            {
                await app.StopAsync(CancellationToken.None);
            }
            catch (Exception another)
            {
                throw new AggregateException(fault, another);
            }

            throw;
        }
    }

    /// <exception cref="InvalidDataException">The file is no lab; the message says where.</exception>
    private static async Task DescribeAsync(IServiceProvider services, FileInfo file, CancellationToken cancel)
    {
        var yaml = await File.ReadAllTextAsync(file.FullName, cancel);
        var name = Path.GetFileNameWithoutExtension(file.Name);
        switch (services.GetRequiredService<LabCommands>().Describe(name, yaml))
        {
            case Change.Refused refused: throw new InvalidDataException($"{file.Name}: {refused.Reason.English}");
            case Change.Taken taken: throw new InvalidDataException($"{file.Name}: {taken.Reason}");
        }
    }

    private static void Tell(LabEndpoints at)
    {
        Console.WriteLine($"""
            Passerelle Lab
              pages    {at.Http}
              https    {at.Https}   (CA: {at.CaCertificate})
              control  {at.Control}   Authorization: Bearer {at.ControlBearer}
              smtp     127.0.0.1:{at.SmtpPort}   mx 127.0.0.1:{at.MxPort}   imap 127.0.0.1:{at.ImapPort} (TLS), 127.0.0.1:{at.ImapStartTlsPort} (STARTTLS)   dns 127.0.0.1:{at.DnsPort}
            """);
    }

    private static Option<int> Port(string name, string what) =>
        new(name) { Description = what + "; 0 lets the system choose", DefaultValueFactory = _ => 0 };
}
