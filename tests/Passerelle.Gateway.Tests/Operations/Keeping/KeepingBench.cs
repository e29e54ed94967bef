using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps.Keeping;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Operations;
using Passerelle.Gateway.Operations.Keeping;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Reading;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Operations.Keeping;

/// <summary>An app that gets mail, and the jobs that prune, erase and export it, on a real store.</summary>
internal sealed class KeepingBench : IAsyncDisposable
{
    private readonly IOptions<OperationsOptions> _options = Options.Create(new OperationsOptions());

    private KeepingBench(InboundBench inbound)
    {
        Inbound = inbound;
        Spool = Spools.For(inbound.Temp.Options);
        Files = new ExportFiles(Options.Create(inbound.Temp.Options));
        Turns = new KeepingTurns(Store, Spool, new Rush(Time), Time);
        Jobs = new KeepingJobs(Store, Files, inbound.Signals, Time);
        Holds = new LegalHolds(Store, inbound.Signals, Time);
        Pruning = new Pruning(Store, Turns, Audit.Record, _options);
        Runner = NewRunner();
        Clock = new KeepingClock(Store, Files, inbound.Signals, _options, Time, NullLogger<KeepingClock>.Instance);
    }

    public InboundBench Inbound { get; }
    public IStore Store => Inbound.Store;
    public TimeProvider Time => Inbound.Temp.Time;
    public Guid Organisation => Inbound.Organisation;
    public Guid App => Inbound.App;
    public Spool Spool { get; }
    public ExportFiles Files { get; }
    public KeepingTurns Turns { get; }
    public KeepingJobs Jobs { get; }
    public LegalHolds Holds { get; }
    public Pruning Pruning { get; }
    public KeepingRunner Runner { get; }
    public KeepingClock Clock { get; }
    private static CancellationToken Cancel => TempStore.Cancel;

    public static async Task<KeepingBench> OpenAsync(string? postgres = null) => new(await InboundBench.OpenAsync(postgres: postgres));

    public KeepingRunner NewRunner()
    {
        var sources = new ShownSource(Inbound.Messages, new ServerName("mx.contoso.example"));
        IKeepingTask[] tasks =
        [
            Pruning, new Erasing(Store, Turns, _options, Time),
            new Exporting(Store, Inbound.Raws, sources, Files, Turns, Spool.Room, new Rush(Time), _options, Time),
        ];
        return new KeepingRunner(Store, tasks, Turns, Audit.Record, Inbound.Signals, Time, NullLogger<KeepingRunner>.Instance);
    }

    public async Task RetainAsync(long? raw, long? text, long? message, Guid? app = null) => Assert.IsType<RetentionOutcome.Saved>(
        await new Retentions(Store).SetAsync(Organisation, app ?? App, new Retention(raw, text, message), Cancel));

    public void Pass(int days) => Inbound.Temp.Time.Advance(TimeSpan.FromDays(days));

    /// <summary>Reads what arrived and says that its flow was done.</summary>
    public async Task<Message> DoneAsync(string mail)
    {
        var message = await Inbound.ArriveAsync(mail);
        await SetStateAsync(message.Id, "routed");
        return message;
    }

    public Task SetStateAsync(Guid message, string state) => WriteAsync(tx => tx.For(Organisation).Execute(
        "UPDATE message SET state = @state WHERE organisation_id = @organisation AND id = @message", new { message, state }));

    public async Task<KeepingJob> PruneAsync() => await RunAsync(await Jobs.PruneAsync(Organisation, null, Cancel));

    public async Task<KeepingJob> EraseAsync(string address) => await RunAsync(await Jobs.EraseAsync(Organisation, address, null, Cancel));

    public async Task<KeepingJob> ExportAsync(KeepingOrders orders) => await RunAsync(await Jobs.ExportAsync(Organisation, orders, null, Cancel));

    public async Task<KeepingJob> RunAsync(OrderOutcome outcome)
    {
        var ordered = Assert.IsType<OrderOutcome.Ordered>(outcome);
        await RunDueAsync();
        return await JobAsync(ordered.Job.Id);
    }

    public async Task RunDueAsync()
    {
        while (await Runner.DueAsync(10, Cancel) is { Count: > 0 } due)
        {
            foreach (var job in due) await Runner.RunAsync(job, Cancel);
        }
    }

    public async Task<KeepingJob> JobAsync(Guid id) => await Jobs.FindAsync(Organisation, id, Cancel) ?? throw new InvalidOperationException("There is no such job");

    /// <summary>An answer to the message, in the state that is wanted.</summary>
    public async Task<Guid> LetterAsync(Message message, string state, string correspondent = "ann@fabrikam.example")
    {
        var id = Guid.CreateVersion7(Time.GetUtcNow());
        var letter = new NewLetter
        {
            OrganisationId = Organisation,
            AppId = App,
            Id = id,
            ConversationId = message.ConversationId,
            Origin = NewLetter.Flow,
            Automatic = true,
            InAnswerTo = message.Id,
            Correspondent = correspondent,
            Subject = "Re: A question",
            InternetId = NewLetter.InternetIdOf(id, "support@contoso.example"),
            Recipients = [correspondent],
            Raw = System.Text.Encoding.ASCII.GetBytes($"From: support@contoso.example\r\nTo: {correspondent}\r\nSubject: Re: A question\r\n\r\nIt is on its way.\r\n"),
        };
        await WriteAsync(tx =>
        {
            Letters.Insert(tx, letter, Time.GetUtcNow());
            tx.For(Organisation).Execute("UPDATE letter SET state = @state WHERE organisation_id = @organisation AND id = @id", new { id, state });
        });
        return id;
    }

    public Task WriteAsync(Action<Tx> write) => Store.WriteAsync(
        Lane.Work,
        tx =>
        {
            write(tx);
            return true;
        },
        Cancel);

    public ValueTask DisposeAsync() => Inbound.DisposeAsync();
}
