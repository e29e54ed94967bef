using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Delivery;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Reading;
using Passerelle.Gateway.Reading.Scanning;
using Passerelle.Gateway.Receiving;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Store;
using Passerelle.Mail.Verdicts;

namespace Passerelle.Gateway.Tests.Reading;

/// <summary>Everything from a receipt to a message, on a real store: one organisation, one app.</summary>
internal sealed class InboundBench : IAsyncDisposable
{
    private readonly ReceiptIds _ids;

    private InboundBench(TempStore temp)
    {
        Temp = temp;
        _ids = new ReceiptIds(temp.Time);
        Raws = new RawMails(temp.Store, Spools.For(temp.Options));
        Ownerships = new Ownerships(temp.Store, new Alone());
        Messages = new StoredMessages(temp.Store, Raws);
        Held = new HeldMail(temp.Store, temp.Time);
        Reader = NewReader(Ownerships);
    }

    public TempStore Temp { get; }
    public IStore Store => Temp.Store;
    public RawMails Raws { get; }
    public Ownerships Ownerships { get; }
    public Signals Signals { get; } = new();
    public ArcForwarder Dns { get; } = new();
    public Reader Reader { get; }
    public StoredMessages Messages { get; }
    public HeldMail Held { get; }
    public Guid Organisation { get; private set; }
    public Guid App { get; private set; }
    public string Address { get; private set; } = "";
    private static CancellationToken Cancel => TempStore.Cancel;

    public static async Task<InboundBench> OpenAsync(string state = "connected", string? postgres = null)
    {
        var bench = new InboundBench(new TempStore(postgres));
        bench.Organisation = await bench.Temp.OrganisationAsync();
        (bench.App, bench.Address) = await bench.NewAppAsync(bench.Organisation, state);
        return bench;
    }

    public async Task<(Guid App, string Address)> NewAppAsync(Guid organisation, string state)
    {
        var draft = await Temp.Apps.OpenDraftAsync(organisation, Cancel);
        await SetStateAsync(organisation, draft.Id, state);
        return (draft.Id, draft.ForwardingAddress);
    }

    public Task SetStateAsync(Guid organisation, Guid app, string state) => Store.WriteAsync(
        Lane.Work,
        tx => tx.For(organisation).Execute(
            """
            UPDATE app SET state = @state, asset_name = 'Support', email_id = 'support@contoso.example'
            WHERE organisation_id = @organisation AND id = @app
            """,
            new { app, state }),
        Cancel);

    /// <summary>Gives the app a display name, a Reply-To, a signature and another address.</summary>
    public Task NameAsync() => Store.WriteAsync(
        Lane.Work,
        tx => tx.For(Organisation).Execute(
            """
            UPDATE app SET display_name = 'Contoso Help', reply_to = 'team@contoso.example', signature = 'The team', aliases = 'help@contoso.example'
            WHERE organisation_id = @organisation AND id = @App
            """,
            new { App }),
        Cancel);

    public Reader NewReader(Ownerships ownerships, ReadingOptions? options = null) => NewReader(ownerships, Options.Create(options ?? new ReadingOptions()));

    private Reader NewReader(Ownerships ownerships, IOptions<ReadingOptions> options) => new(
        Store, Raws, ownerships, new Authenticity(Dns, ["microsoft.com"], Temp.Time),
        new Recognition(Dns, new DelivererList(Options.Create(new AppsOptions())), Temp.Time),
        new Scanners(new ClamAv(options, TimeProvider.System), new Rspamd(options)), Audit.Record, new ServerName("mx.contoso.example"), Signals, options, Temp.Time, NullLogger<Reader>.Instance);

    /// <summary>A receipt as Receiving writes it.</summary>
    public Task<Receipt> ReceiveAsync(string mail, string envelopeFrom = "bounces+SRS=x=AA@contoso.example") =>
        ReceiveAsync(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n")), envelopeFrom);

    public async Task<Receipt> ReceiveAsync(byte[] mail, string envelopeFrom, Guid? app = null)
    {
        var now = Temp.Time.GetUtcNow();
        var receipt = new Receipt
        {
            OrganisationId = Organisation,
            Id = _ids.Next(),
            AppId = app ?? App,
            EnvelopeFrom = envelopeFrom,
            EnvelopeTo = Address,
            RawId = Guid.CreateVersion7(now),
            Size = mail.Length,
            ReceivedAt = now,
            Helo = "mail.test",
            RemoteAddress = "192.0.2.1",
            Tls = "",
            SessionId = "session",
        };
        return await Store.WriteAsync(
            Lane.Receipts,
            tx =>
            {
                RawMails.Insert(tx, Organisation, receipt.RawId, mail, now);
                ReceiptRows.Insert(tx, receipt);
                return receipt;
            },
            Cancel);
    }

    /// <summary>Receives and reads; the message whose receipt it was.</summary>
    public async Task<Message> ArriveAsync(string mail, string envelopeFrom = "bounces+SRS=x=AA@contoso.example")
    {
        var receipt = await ReceiveAsync(mail, envelopeFrom);
        await ReadDueAsync();
        return await MessageAsync(receipt.Id);
    }

    public async Task ReadDueAsync()
    {
        foreach (var receipt in await Reader.DueAsync(100, Cancel)) await Reader.ReadAsync(receipt, Cancel);
    }

    public async Task<Message> MessageAsync(Guid id) =>
        await Messages.FindAsync(Organisation, id, Cancel) ?? throw new InvalidOperationException("There is no such message");

    public async Task<Receipt> ReceiptAsync(Guid id) => await Store.ReadAsync(
        tx => tx.For(Organisation).One<Receipt>(
            $"SELECT {ReceiptRows.Columns} FROM receipt WHERE organisation_id = @organisation AND id = @id", new { id }),
        Cancel) ?? throw new InvalidOperationException("There is no such receipt");

    public Task<long> CountAsync(string table) => Store.ReadAsync(
        tx => tx.Across("a test counts").One<long>($"SELECT COUNT(*) FROM {table}"), Cancel);

    public ValueTask DisposeAsync() => Temp.DisposeAsync();
}
