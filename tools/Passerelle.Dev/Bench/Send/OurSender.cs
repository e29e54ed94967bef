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
    private const string To = "ann@fabrikam.example";
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-bench-send-").FullName;
    private readonly WebApplication _rooms;
    private readonly byte[] _mail;
    private Guid _organisation;
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
            foreach (var sender in senders) sender.Start(LetterLane.Ordinary, lost => throw new DevFault($"{lost.Owner.AppId} was lost"), cancel);
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

    private SendingRows Rows => new(Get<IStore>(), Get<Sealer>());

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
                CreatedAt = SendingRows.Far,
            },
            1,
            SendingRows.Far,
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

    private Task WriteAsync(int count, CancellationToken cancel) =>
        Rows.WriteAsync(Enumerable.Range(0, count).Select(number => _apps[number % _apps.Count].App), LetterLane.Ordinary, _ => _mail, cancel);

    private async Task ConnectAsync(int count, int port, CancellationToken cancel)
    {
        _organisation = await Rows.OpenAsync(cancel);
        await Rows.ConnectAsync(_organisation, count, port, cancel);
        foreach (var app in await Get<EmailApps>().ListAsync(_organisation, cancel))
        {
            var pool = new SubmissionPool(Get<OutboundPolicy>(), Get<OutboundTrust>(), Get<IOptions<SendingOptions>>().Value, TimeProvider.System);
            _apps.Add((app, await Get<Ownerships>().OfAsync(_organisation, app.Id, cancel), pool));
        }
    }
}
