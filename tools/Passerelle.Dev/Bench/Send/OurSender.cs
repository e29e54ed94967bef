using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Sending.Budgets;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;
using Passerelle.Gateway.Tokens;

namespace Passerelle.Dev.Bench.Send;

/// <param name="Seconds">From the first mail's first step to the last one's end.</param>
/// <param name="Processor">Seconds of processor of the sending process meanwhile, by the kernel's account.</param>
internal sealed record SendRun(double Seconds, double Processor);

/// <summary>The rooms of the gateway with connected apps, over a SQLite store; nothing moves but what a run asks for.</summary>
internal sealed class OurSender : IAsyncDisposable
{
    public const int Connections = 3;
    private const int InOneWrite = 200;
    private const string To = "ann@fabrikam.example";
    private static readonly DateTimeOffset Far = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-bench-send-").FullName;
    private readonly Guid _organisation = Guid.CreateVersion7();
    private readonly WebApplication _rooms;
    private readonly byte[] _mail;
    private readonly List<(EmailApp App, Ownership Owner, SubmissionPool Pool)> _apps = [];

    private OurSender(int port, string certificate, byte[] mail)
    {
        _mail = mail;
        _rooms = GatewayApplication.Build(
            [
                $"--Store:DataFolder={Path.Combine(_folder, "data")}",
                $"--Store:KeyFile={Path.Combine(_folder, "key")}",
                $"--Outbound:CaFile={certificate}",
                $"--Outbound:Allow:0=127.0.0.1:{port}",
                "--Sending:HelloName=sender.contoso.example",
                "--Logging:LogLevel:Default=None",
            ],
            services => services.RemoveAll<IHostedService>());
    }

    public static async Task<OurSender> StartAsync(int port, string certificate, byte[] mail, int apps, CancellationToken cancel)
    {
        var ours = new OurSender(port, certificate, mail);
        await ours.Get<KeyRing>().OpenAsync(cancel);
        await ours.ConnectAsync(apps, port, cancel);
        return ours;
    }

    /// <summary>Submission alone: letters that are in memory, over the pool, as <see cref="Dispatch"/> hands them over.</summary>
    public async Task<SendRun> SubmitAsync(int count, CancellationToken cancel)
    {
        var ready = _apps.ConvertAll(one => new TokenAnswer.Ready(new SecretText(Sink.TokenOf(one.App.EmailId)), IsPassword: false));
        return await MeasureAsync(() => Task.WhenAll(_apps.SelectMany((one, number) =>
        {
            var left = Share(count, number);
            return Enumerable.Range(0, Connections).Select(_ => Task.Run(
                async () =>
                {
                    while (Interlocked.Decrement(ref left) >= 0) Demand(await SubmitOneAsync(one.App, ready[number], one.Pool, cancel));
                },
                cancel));
        })));
    }

    /// <summary>The whole way: letters that wait in the store are claimed, marked, sent and settled.</summary>
    public async Task<SendRun> CarryAsync(int count, CancellationToken cancel)
    {
        await WriteAsync(count, cancel);
        var senders = _apps.ConvertAll(one => new AppSender(
            one.Owner, Get<Dispatch>(), one.Pool,
            new SendingBudget(new BudgetLimits(Connections, int.MaxValue, null), [], new DayUse([], TimeProvider.System), null, TimeProvider.System), null, TimeProvider.System));
        var run = await MeasureAsync(() =>
        {
            foreach (var sender in senders) sender.Start(lost => throw new DevFault($"{lost.Owner.AppId} was lost"), cancel);
            return Task.WhenAll(senders.Select(sender => sender.FinishAsync()));
        });
        var left = await Get<IStore>().ReadAsync(
            tx => tx.For(_organisation).One<long>("SELECT COUNT(*) FROM letter WHERE organisation_id = @organisation AND state <> 'settled'"), cancel);
        return left == 0 ? run : throw new DevFault($"{left} letters were not settled");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, _, pool) in _apps) pool.Dispose();
        await _rooms.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private T Get<T>() where T : notnull => _rooms.Services.GetRequiredService<T>();

    private int Share(int count, int number) => (count / _apps.Count) + (number < count % _apps.Count ? 1 : 0);

    private async Task<SendOutcome> SubmitOneAsync(EmailApp app, TokenAnswer.Ready ready, SubmissionPool pool, CancellationToken cancel)
    {
        var letter = new ClaimedLetter(
            new LetterRow
            {
                OrganisationId = app.OrganisationId,
                AppId = app.Id,
                Id = app.Id,
                ConversationId = app.Id,
                Sequence = 1,
                State = LetterState.Claimed,
                StateReason = "",
                Epoch = 1,
                Attempts = 1,
                RawId = app.Id,
                Origin = NewLetter.Person,
                Correspondent = To,
                Subject = "",
                InternetId = "",
                CreatedAt = Far,
            },
            1,
            Far,
            [To]);
        return await Get<Submission>().SendAsync(letter, app, ready, _mail, pool, () => Task.CompletedTask, cancel);
    }

    private static void Demand(SendOutcome outcome)
    {
        if (outcome is not SendOutcome.Accepted) throw new DevFault($"A mail was not taken: {outcome}");
    }

    private static async Task<SendRun> MeasureAsync(Func<Task> work)
    {
        GC.Collect();
        var (began, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await work();
        return new SendRun(Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private async Task WriteAsync(int count, CancellationToken cancel)
    {
        var all = Enumerable.Range(0, count).Select(number => _apps[number % _apps.Count].App);
        foreach (var some in all.Chunk(InOneWrite))
        {
            await Get<IStore>().WriteAsync(Lane.Work, tx => { foreach (var app in some) Insert(tx, app); return true; }, cancel);
        }
    }

    private void Insert(Tx tx, EmailApp app)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        tx.For(_organisation).Execute(
            """
            INSERT INTO conversation (organisation_id, id, app_id, correspondent, subject, created_at, last_at, last_sequence)
            VALUES (@organisation, @id, @app, @To, 'A report', @now, @now, 0)
            """,
            new { id, app = app.Id, To, now });
        Letters.Insert(
            tx,
            new NewLetter
            {
                OrganisationId = _organisation,
                AppId = app.Id,
                Id = id,
                ConversationId = id,
                Origin = NewLetter.Person,
                Automatic = false,
                Correspondent = To,
                Subject = "A report",
                Raw = _mail,
                Recipients = [To],
                InternetId = NewLetter.InternetIdOf(id, app.EmailId),
            },
            now);
    }

    private async Task ConnectAsync(int count, int port, CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (store, sealer) = (Get<IStore>(), Get<Sealer>());
        await store.WriteAsync(
            Lane.Work, tx => tx.Across("the list of owners").Execute("INSERT INTO organisation (id, name, created_at) VALUES (@id, 'Contoso', @now)", new { id = _organisation, now }), cancel);
        foreach (var some in Enumerable.Range(0, count).Chunk(InOneWrite))
        {
            var grants = some.Select(number => Grant(sealer, Guid.CreateVersion7(now), $"box-{number}@contoso.example", now)).ToList();
            await store.WriteAsync(Lane.Work, tx => { foreach (var grant in grants) Connect(tx, grant, port, now); return true; }, cancel);
        }
        foreach (var app in await Get<EmailApps>().ListAsync(_organisation, cancel))
        {
            var pool = new SubmissionPool(Get<OutboundPolicy>(), Get<OutboundTrust>(), Get<IOptions<SendingOptions>>().Value, TimeProvider.System);
            _apps.Add((app, await Get<Ownerships>().OfAsync(_organisation, app.Id, cancel), pool));
        }
    }

    private void Connect(Tx tx, Grant grant, int port, DateTimeOffset now)
    {
        AppRows.InsertDraft(tx, _organisation, grant.AppId, $"{grant.AppId:N}@in.contoso.example", new AppForm { SmtpPort = "587" }, now);
        tx.For(_organisation).Execute(
            """
            UPDATE app SET email_id = @SignedInAs, user_name = @SignedInAs, asset_name = @SignedInAs, authentication = 'oauth2', smtp_host = '127.0.0.1', smtp_port = @port,
                smtp_security = 'starttls', state = 'connected', connected_at = @now
            WHERE organisation_id = @organisation AND id = @AppId
            """,
            new { grant.SignedInAs, grant.AppId, port, now });
        Grants.Put(tx, grant);
    }

    private Grant Grant(Sealer sealer, Guid app, string mailbox, DateTimeOffset now) => new()
    {
        OrganisationId = _organisation,
        AppId = app,
        AccessToken = sealer.Seal("oauth_grant", "access_token", _organisation, app, Sink.TokenOf(mailbox)),
        AccessExpiresAt = Far,
        RefreshToken = null,
        Scope = "",
        SignedInAs = mailbox,
        Subject = "",
        IssuerDirectory = "",
        ObtainedAt = now,
        RefreshedAt = now,
        State = "good",
        Epoch = 1,
    };
}
