using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Tests;

/// <summary>The whole product on free ports with a data folder of its own.</summary>
internal sealed class LiveGateway : IAsyncDisposable
{
    public const string PublicUrl = "http://localhost:8080";
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-live-").FullName;
    private readonly TimeProvider? _time;
    private WebApplication? _app;

    private LiveGateway(TimeProvider? time) => _time = time;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Data => Path.Combine(_folder, "data");

    /// <summary>A folder that nobody made, beside the data folder.</summary>
    public string Beside(string name) => Path.Combine(_folder, name);

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <param name="time">Null: the system's clock.</param>
    public static async Task<LiveGateway> StartAsync(bool firstRun = true, TimeProvider? time = null)
    {
        var gateway = new LiveGateway(time);
        await gateway.StartAgainAsync();
        if (firstRun) await gateway.FirstRunAsync();
        return gateway;
    }

    public T Get<T>() where T : notnull => _app!.Services.GetRequiredService<T>(); // started in StartAsync

    public async Task StartAgainAsync()
    {
        _app = GatewayApplication.Build(
        [
            $"--Store:DataFolder={Data}", "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0", "--Logging:LogLevel:Default=None",
            $"--Reading:Resolver={QuietDns.Address}",
        ],
        services =>
        {
            if (_time is not null) services.AddSingleton(_time);
        });
        await _app.StartAsync(Cancel);
        Url = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses // set by Kestrel's start
            .First(address => !address.Contains("unix", StringComparison.Ordinal)));
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>A second organisation, as the first run would make it, with an admin who is signed in.</summary>
    /// <returns>The organisation and the session's secret.</returns>
    public async Task<(Guid Organisation, string Secret)> OrganisationAsync(string name)
    {
        var now = Get<TimeProvider>().GetUtcNow();
        var (organisation, secret) = (Guid.CreateVersion7(now), Sessions.NewSecret());
        var admin = new Person { Id = Guid.CreateVersion7(now), Name = name, Email = $"admin@{name}.example", Role = Caller.Admin, CreatedAt = now };
        await Get<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                tx.Across("the list of owners").Execute(
                    "INSERT INTO organisation (id, name, created_at) VALUES (@organisation, @name, @now)", new { organisation, name, now });
                People.Insert(tx, organisation, admin, "", "en");
                Get<Sessions>().Start(tx, secret, admin.Id, organisation);
                return true;
            },
            Cancel);
        return (organisation, secret);
    }

    /// <summary>A browser of this installation's own pages.</summary>
    /// <param name="secret">Null: nobody is signed in.</param>
    public HttpClient Browser(string? secret = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("Origin", PublicUrl);
        if (secret is not null) client.DefaultRequestHeaders.Add("Cookie", $"{SessionCookie.LoopbackName}={secret}");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FirstRunAsync()
    {
        var form = new FirstRunForm
        {
            Token = await File.ReadAllTextAsync(Path.Combine(Data, "first-run-token"), Cancel),
            Email = "admin@contoso.example",
            Name = "Contoso Admin",
            Password = "not a real password",
            Organisation = "Contoso",
            PublicUrl = PublicUrl,
            InboundDomain = "in.contoso.example",
        };
        Assert.IsType<FirstRunOutcome.Done>(await Get<FirstRun>().CompleteAsync(form, "test", "en", Cancel));
    }
}
