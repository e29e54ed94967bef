using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Certificates;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Devices;
using Passerelle.Gateway.Sending.Graph;
using Passerelle.Gateway.Sending.Hosts;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Queue;
using Passerelle.Gateway.Tests.Tokens;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Gateway.Tests.Sending;

/// <summary>The whole way out of one app: store, tokens from a fake authority, a scripted submission server.</summary>
internal sealed class SendingRig : IAsyncDisposable
{
    private readonly OutboundHttp _http;

    private SendingRig(PostOffice office, FakeAuthority authority, OutboundOptions bounds)
    {
        Office = office;
        Authority = authority;
        var time = office.Temp.Time;
        var outbound = Options.Create(new OutboundOptions
        {
            Allow = [$"127.0.0.1:{Server.Port}", $"127.0.0.1:{authority.Port}"],
            RequestSeconds = bounds.RequestSeconds,
            MaxResponseBytes = bounds.MaxResponseBytes,
        });
        Policy = new OutboundPolicy(outbound, Dns.GetHostAddressesAsync, TimeProvider.System);
        Trust = new OutboundTrust(outbound);
        var http = _http = new OutboundHttp(Policy, Trust, outbound);
        var tokensOptions = Options.Create(new TokensOptions());
        var proofs = new ClientProofs(office.Temp.Store, office.Temp.Sealer, office.Temp.AppsOptions, time);
        var requests = Requests = new TokenRequests(http, proofs, time);
        Renewal = NewRenewal();
        Tokens = new TokenSource(office.Temp.Store, office.Temp.Sealer, Renewal, tokensOptions, time);
        Keeper = new GrantKeeper(office.Temp.Store, Tokens, tokensOptions, time, NullLogger<GrantKeeper>.Instance);
        var providers = new Providers(http, time);
        var idTokens = new IdTokens(providers, tokensOptions, time);
        OwnerLinks = new OwnerLinks(office.Temp.Store, time);
        AdminConsents = new AdminConsents(office.Temp.Store, office.Temp.Installations, time);
        Certificates = new ClientCertificates(office.Temp.Store, office.Temp.Sealer, time);
        Authorisations = new Authorisations(
            office.Temp.Store, office.Temp.Sealer, office.Temp.Installations, providers, requests, idTokens,
            OwnerLinks, AdminConsents, tokensOptions, time, NullLogger<Authorisations>.Instance);
        // The wire's own time is real: a clock that stands still must not look like a server that is silent.
        Submission = new Submission(Options.Create(Settings), TimeProvider.System);
        GraphTokens = new GraphTokens(office.Temp.Store, office.Temp.Sealer, requests, time);
        Graph = NewGraph(Settings);
        Departure = new Departure(
            Submission, Graph, GraphTokens, Hosts = new HostGates(time, NullLogger<HostGates>.Instance),
            Options.Create(new AppsOptions { MicrosoftGraph = $"http://127.0.0.1:{Authority.Port}" }), time);
        Dispatch = NewDispatch(office.Letters);
        Connect = new Connect(
            office.Temp.Store, office.Temp.Sealer, new SubmissionProbe(Policy, Trust, Options.Create(Settings)), Tokens, requests, GraphTokens,
            office.Signals, Audit.Record, time, NullLogger<Connect>.Instance);
        DeviceSignIns = new DeviceSignIns(office.Temp.Store, office.Temp.Sealer, new DeviceRequests(http, providers, time), office.Signals, time);
        DevicePolling = new DevicePolling(
            office.Temp.Store, office.Temp.Sealer, requests, idTokens, Connect, office.Signals, time, NullLogger<DevicePolling>.Instance);
        Pool = NewPool();
    }

    public static SendingOptions Settings { get; } = new() { HelloName = "gateway.test" };
    public PostOffice Office { get; }
    public FakeAuthority Authority { get; }
    public ScriptedSmtp Server { get; } = new();
    public OutboundPolicy Policy { get; }
    public OutboundTrust Trust { get; }
    public TokenRequests Requests { get; }
    public OwnerLinks OwnerLinks { get; }
    public AdminConsents AdminConsents { get; }
    public ClientCertificates Certificates { get; }
    public DeviceSignIns DeviceSignIns { get; }
    public DevicePolling DevicePolling { get; }
    public GrantRenewal Renewal { get; }
    public TokenSource Tokens { get; }
    public GrantKeeper Keeper { get; }
    public Authorisations Authorisations { get; }
    public Submission Submission { get; }
    public GraphTokens GraphTokens { get; }
    public GraphSubmission Graph { get; }
    public HostGates Hosts { get; }
    public Departure Departure { get; }
    public Dispatch Dispatch { get; }
    public Connect Connect { get; }
    public SubmissionPool Pool { get; }

    /// <summary>An app with OAuth that holds a token good for an hour.</summary>
    /// <param name="bounds">Time and size that an answer of the authority may take; null: those of the product.</param>
    public static async Task<SendingRig> OpenAsync(bool withGrant = true, QueueOptions? options = null, OutboundOptions? bounds = null)
    {
        var rig = new SendingRig(await PostOffice.OpenAsync(options), await FakeAuthority.StartAsync(), bounds ?? new OutboundOptions());
        await rig.PointHereAsync();
        if (withGrant) await rig.GrantAsync("token-1", TimeSpan.FromHours(1), "refresh-1");
        return rig;
    }

    /// <summary>Every app there is goes to this server and this authority.</summary>
    public Task PointHereAsync() => Office.WriteAsync(tx => tx.For(Office.Organisation).Execute(
        """
        UPDATE app SET smtp_host = '127.0.0.1', smtp_port = @port, smtp_security = 'none', preset = 'generic',
            authorization_url = @authorize, token_url = @token
        WHERE organisation_id = @organisation
        """,
        new { port = Server.Port, authorize = $"{Authority.Url}/oauth2/v2.0/authorize", token = $"{Authority.Url}/oauth2/v2.0/token" }));

    /// <summary>More connected apps, each with a grant of its own: <c>refresh-of-{address}</c>.</summary>
    public async Task<IReadOnlyList<EmailApp>> MoreAppsAsync(int count, TimeSpan life)
    {
        var apps = new List<EmailApp>();
        for (var number = 0; number < count; number++)
        {
            var address = $"box-{number}@contoso.example";
            var id = await Office.AppAsync(address);
            await GrantAsync("old", life, $"refresh-of-{address}", id);
            apps.Add((await Office.Temp.Apps.FindAsync(Office.Organisation, id, TempStore.Cancel))!); // opened above
        }
        await PointHereAsync();
        return [.. apps.Select(app => app with { TokenUrl = $"{Authority.Url}/oauth2/v2.0/token", Preset = "generic" })];
    }

    public async Task<EmailApp> AppAsync() =>
        (await Office.Temp.Apps.FindAsync(Office.Organisation, Office.App, TempStore.Cancel))!; // opened by the rig

    /// <summary>Changes columns of the app as a saved form would, its version too.</summary>
    /// <param name="columns">The middle of an UPDATE.</param>
    public Task SetAsync(string columns, object? values = null) => Office.WriteAsync(tx => tx.For(Office.Organisation).Execute(
        $"UPDATE app SET {columns}, version = version + 1 WHERE organisation_id = @organisation", values));

    public async Task GrantAsync(string access, TimeSpan life, string? refresh, Guid? of = null)
    {
        var now = Office.Temp.Time.GetUtcNow();
        var (organisation, app, sealer) = (Office.Organisation, of ?? Office.App, Office.Temp.Sealer);
        var grant = new Grant
        {
            OrganisationId = organisation,
            AppId = app,
            AccessToken = sealer.Seal("oauth_grant", "access_token", organisation, app, access),
            AccessExpiresAt = now + life,
            RefreshToken = refresh is null ? null : sealer.Seal("oauth_grant", "refresh_token", organisation, app, refresh),
            Scope = "",
            SignedInAs = "support@contoso.example",
            Subject = "",
            IssuerDirectory = "",
            ObtainedAt = now,
            RefreshedAt = now,
            State = "good",
            Epoch = 1,
        };
        await Office.WriteAsync(tx => Grants.Put(tx, grant));
    }

    public async Task<string?> StoredRefreshTokenAsync()
    {
        var grant = await Office.Temp.Store.ReadAsync(tx => Grants.Find(tx, Office.Organisation, Office.App), TempStore.Cancel);
        return grant?.RefreshToken is { } text
            ? Office.Temp.Sealer.Open("oauth_grant", "refresh_token", Office.Organisation, Office.App, text)
            : null;
    }

    /// <summary>What another process would renew with.</summary>
    public GrantRenewal NewRenewal() => new(
        Office.Temp.Store, Office.Temp.Sealer, Requests, Audit.Record, Options.Create(new TokensOptions()), Office.Temp.Time, NullLogger<GrantRenewal>.Instance);

    public Dispatch NewDispatch(Letters letters) => new(
        letters, Office.Temp.Apps, new Breakages(Office.Temp.Store), Tokens, new RawMails(Office.Temp.Store), Departure, Office.Temp.Time, NullLogger<Dispatch>.Instance);

    /// <summary>The authority's port is Graph's too.</summary>
    public GraphSubmission NewGraph(SendingOptions settings) => new(
        _http, Options.Create(new AppsOptions { MicrosoftGraph = $"http://127.0.0.1:{Authority.Port}" }), Options.Create(settings), TimeProvider.System);

    public SubmissionPool NewPool() => new(Policy, Trust, Settings, Office.Temp.Time);

    /// <summary>One letter, one attempt.</summary>
    public async Task<LetterRow> SendOneAsync(Func<NewLetter, NewLetter>? change = null)
    {
        var letter = await Office.LetterAsync(await Office.ConversationAsync(), change);
        Assert.True(await Dispatch.SendNextAsync(await Office.OwnerAsync(), Pool, TempStore.Cancel));
        return await Office.RowAsync(letter);
    }

    public async ValueTask DisposeAsync()
    {
        Pool.Dispose();
        await Server.DisposeAsync();
        await Authority.DisposeAsync();
        Renewal.Dispose();
        await Office.DisposeAsync();
    }
}

/// <summary>One letter after the other, each settled before the next: what a test can look at between.</summary>
internal static class OneByOne
{
    /// <returns>False when nothing is due.</returns>
    public static async Task<bool> SendNextAsync(this Dispatch dispatch, Ownership owner, SubmissionPool pool, CancellationToken cancel)
    {
        var next = await dispatch.ClaimAsync(owner, pool, new LetterClaim(1), cancel);
        await await dispatch.SendAsync(next, (_, _) => { }, cancel);
        return next.Count > 0;
    }
}
