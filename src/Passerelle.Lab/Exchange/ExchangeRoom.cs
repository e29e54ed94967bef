using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Passerelle.Lab.Dns;
using Passerelle.Lab.Hosting;
using Passerelle.Lab.State;

namespace Passerelle.Lab.Exchange;

internal static class ExchangeRoom
{
    /// <summary>Mail stores, transport, the relay out of the labs, and the DNS that makes it true.</summary>
    public static IHostApplicationBuilder AddExchange(this IHostApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton(services => new MailKey(
                Path.Combine(services.GetRequiredService<DataFolder>().Keys, "mail.pem")))
            .AddSingleton(services => new Srs(services.GetRequiredService<MailKey>().SrsKey))
            .AddSingleton<Exchanges>().AddSingleton<LabLife>().AddSingleton<MailSigning>().AddSingleton<FirstReceipt>()
            .AddSingleton<Forward>().AddSingleton<MailRules>().AddSingleton<Transport>().AddSingleton<Composer>()
            .AddSingleton<ExchangeSignIn>().AddSingleton<ConnectionCount>()
            .AddSingleton<IZone, LabZone>().AddSingleton<LabDns>()
            .AddHostedService<RelayWorker>().AddHostedService<DnsService>();
        return builder;
    }

    /// <summary>Opens submission and MX beside the web listeners.</summary>
    public static void ListenForMail(this LabListeners listeners, KestrelServerOptions kestrel, LabOptions options)
    {
        listeners.Listen(kestrel, LabListeners.Smtp, options.SmtpPort, listen => listen.UseConnectionHandler<SubmissionListener>());
        listeners.Listen(kestrel, LabListeners.Mx, options.MxPort, listen => listen.UseConnectionHandler<MxListener>());
    }

    /// <summary>Starts the lab's DNS with the host and tells its port.</summary>
    private sealed class DnsService(LabDns dns, LabOptions options, LabListeners listeners) : IHostedService
    {
        public Task StartAsync(CancellationToken cancel)
        {
            dns.Start(options.DnsPort);
            listeners.Opened(LabListeners.Dns, dns.EndPoint.Port);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancel)
        {
            dns.Dispose();
            return Task.CompletedTask;
        }
    }
}
