using System.CommandLine;

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
        Option<int> dns = Port("--dns-port", "DNS of the labs' domains");
        var serve = new Command("serve", "Answer as Entra ID and Exchange Online, on loopback only") { data, https, http, smtp, mx, dns };
        serve.SetAction(async (parsed, cancel) =>
        {
            var options = new LabOptions
            {
                Data = parsed.GetRequiredValue(data).FullName,
                HttpsPort = parsed.GetValue(https),
                HttpPort = parsed.GetValue(http),
                SmtpPort = parsed.GetValue(smtp),
                MxPort = parsed.GetValue(mx),
                DnsPort = parsed.GetValue(dns),
            };
            try
            {
                await RunAsync(options, cancel);
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

    private static async Task RunAsync(LabOptions options, CancellationToken cancel)
    {
        await using WebApplication app = LabApplication.Build(options, TimeProvider.System);
        app.Lifetime.ApplicationStarted.Register(() => Tell(LabEndpoints.Of(app.Services)));
        await app.RunAsync(cancel);
    }

    private static void Tell(LabEndpoints at)
    {
        Console.WriteLine($"""
            Passerelle Lab
              pages    {at.Http}
              https    {at.Https}   (CA: {at.CaCertificate})
              control  {at.Control}   Authorization: Bearer {at.ControlBearer}
              smtp     127.0.0.1:{at.SmtpPort}   mx 127.0.0.1:{at.MxPort}   dns 127.0.0.1:{at.DnsPort}
            """);
    }

    private static Option<int> Port(string name, string what) =>
        new(name) { Description = what + "; 0 lets the system choose", DefaultValueFactory = _ => 0 };
}
