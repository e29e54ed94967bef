using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Events;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Tests.Outbound;
using Passerelle.Gateway.Tests.Queue;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>An organisation whose letters are told to a receiver, over a clock that tests move.</summary>
internal sealed class DeliveryBench : IAsyncDisposable
{
    private readonly OutboundHttp _http;
    private OutboundHttp? _others;

    private DeliveryBench(PostOffice office, OutsideServer receiver)
    {
        (Office, Receiver) = (office, receiver);
        receiver.AnswerWith(204);
        var temp = office.Temp;
        _http = Http(receiver);
        Settings = new WebhookSettings(temp.Store, temp.Sealer, temp.Installations, office.Signals, temp.Time);
        Telling = new EventTelling(temp.Store, temp.Installations, office.Signals, temp.Time);
        Deliveries = New(_http);
    }

    public PostOffice Office { get; }
    public OutsideServer Receiver { get; }
    public WebhookSettings Settings { get; }
    public EventTelling Telling { get; }
    public Deliveries Deliveries { get; }
    public Webhook Webhook { get; private set; } = null!; // made in OpenAsync
    public string Secret { get; private set; } = "";

    public static async Task<DeliveryBench> OpenAsync(string? postgres = null, params string[] types)
    {
        var bench = new DeliveryBench(await PostOffice.OpenAsync(postgres: postgres), await OutsideServer.StartAsync());
        (bench.Webhook, bench.Secret) = await bench.HookAsync($"{bench.Receiver.Url}/hook", types is [] ? ["letter.cancelled"] : types);
        return bench;
    }

    /// <summary>Another worker, that may call this receiver.</summary>
    public Deliveries DeliveriesTo(OutsideServer receiver) => New(_others = Http(receiver));

    public async Task<(Webhook Webhook, string Secret)> HookAsync(string url, params string[] types)
    {
        var saved = Assert.IsType<WebhookOutcome.Saved>(await Settings.MakeAsync(Office.Organisation, null, new WebhookForm("Ledger", url, types), TempStore.Cancel));
        return (saved.Webhook, saved.NewSecret!); // a new webhook has one
    }

    /// <summary>Something happens to a letter, in one transaction with its event.</summary>
    public async Task<Guid> CancelLetterAsync(string reason = "Not wanted any more")
    {
        var letter = await Office.LetterAsync(await Office.ConversationAsync());
        await Office.Actions.CancelAsync(Office.Organisation, letter, reason, TempStore.Cancel);
        return letter;
    }

    /// <summary>What all workers do once.</summary>
    public async Task LookAsync()
    {
        while (await Telling.TellAsync(TempStore.Cancel) > 0)
        {
            // until the outbox is empty
        }
        foreach (var webhook in await Deliveries.DueAsync(100, TempStore.Cancel)) await Deliveries.RoundAsync(webhook, TempStore.Cancel);
    }

    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Office.Temp.Time.Advance(step);
            await LookAsync();
        }
    }

    public Task<List<WebhookDelivery>> ListAsync(string state) => Deliveries.ListAsync(Office.Organisation, Webhook.Id, state, null, 1000, TempStore.Cancel);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _others?.Dispose();
        await Receiver.DisposeAsync();
        await Office.DisposeAsync();
    }

    private Deliveries New(OutboundHttp http)
    {
        var options = Options.Create(new EventsOptions());
        return new Deliveries(Office.Temp.Store, Settings, new WebhookPosts(http, options, Office.Temp.Time), Office.Signals, options, Office.Temp.Time, NullLogger<Deliveries>.Instance);
    }

    private static OutboundHttp Http(OutsideServer receiver)
    {
        var outbound = Options.Create(new OutboundOptions { Allow = [receiver.HostAndPort] });
        return new OutboundHttp(new OutboundPolicy(outbound, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System), new OutboundTrust(outbound), outbound);
    }
}
