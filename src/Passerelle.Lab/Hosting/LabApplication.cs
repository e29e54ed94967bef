using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Passerelle.Lab.Admin;
using Passerelle.Lab.Control;
using Passerelle.Lab.Exchange;
using Passerelle.Lab.Faults;
using Passerelle.Lab.Graph;
using Passerelle.Lab.Identity;
using Passerelle.Lab.Imap;
using Passerelle.Lab.Sites;
using Passerelle.Lab.State;
using Passerelle.Lab.Webmail;

namespace Passerelle.Lab.Hosting;

/// <summary>The lab host, in the order in which a request meets it.</summary>
internal static class LabApplication
{
    /// <param name="time">The host's clock; each lab may run ahead of it.</param>
    public static WebApplication Build(LabOptions options, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.AddHost(options, time)
            .AddState()               // labs as data
            .AddFaults()              // what goes wrong on purpose
            .AddIdentity()            // sign-in, consent, tokens
            .AddControl()             // orders, by HTTP and from pages
            .AddSites()               // the admin's pages
            .AddExchange()            // mail: in, within and out
            .AddImap()                // mailboxes, read by mail programs
            .AddAdmin()               // Exchange administration
            .AddGraph();              // Microsoft Graph
        builder.WebHost.ConfigureKestrel(Listen);

        WebApplication app = builder.Build();
        app.UseRouting();
        app.Use(next => context => Gate.PassAsync(context, next)); // who may ask, and on which listener
        app.Use(next => context => ServerClock.PassAsync(context, next));
        app.Use(next => context => context.RequestServices.GetRequiredService<HttpFaults>().PassAsync(context, next));
        app.MapIdentity();
        app.MapControl().MapExchangeControl();
        app.MapAdmin();
        app.MapGraph();
        app.MapSites();
        app.MapWebmail();
        return app;
    }

    private static IHostApplicationBuilder AddHost(this WebApplicationBuilder builder, LabOptions options, TimeProvider time)
    {
        var folder = new DataFolder(options.Data);
        builder.Configuration.Sources.Clear(); // a lab is told by its options alone, not by files that happen to lie about
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error) // the ring is in a folder for the owner alone
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning) // it would call the mail ports http
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical) // a failed start is told once, by StartFault
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Warning or LogLevel.Error); // critical: the same
        builder.Services.AddSingleton(options).AddSingleton(time).AddSingleton<LabListeners>();
        builder.Services.AddSingleton(_ => folder).AddSingleton<CertificateAuthority>().AddHostedService<EndpointsFile>();
        builder.Services.AddProblemDetails();
        builder.Services.AddDataProtection().SetApplicationName("passerelle-lab")
            .PersistKeysToFileSystem(new DirectoryInfo(folder.Folder("keys/ring")));
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        LabOptions options = kestrel.ApplicationServices.GetRequiredService<LabOptions>();
        LabListeners listeners = kestrel.ApplicationServices.GetRequiredService<LabListeners>();
        CertificateAuthority authority = kestrel.ApplicationServices.GetRequiredService<CertificateAuthority>();
        listeners.Listen(kestrel, LabListeners.Https, options.HttpsPort, listen => listen.UseHttps(authority.Server));
        listeners.Listen(kestrel, LabListeners.Http, options.HttpPort, _ => { });
        listeners.ListenForMail(kestrel, options);
        listeners.ListenForImap(kestrel, options, authority);
    }
}
