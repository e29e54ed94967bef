using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Apps.Credentials;
using Passerelle.Gateway.Events;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Tests.Outbound;
using Passerelle.Gateway.Tests.Queue;

namespace Passerelle.Gateway.Tests.Events;

/// <summary>The room Events over a real store and a clock that tests move: two apps, an address, a webhook that is written down.</summary>
internal sealed class AlarmBench : IAsyncDisposable
{
    public const string Admin = "it@fabrikam.example";

    private AlarmBench(PostOffice office, OutsideServer receiver)
    {
        (Office, Receiver) = (office, receiver);
        receiver.AnswerWith(204);
        var (temp, options) = (office.Temp, Options.Create(new EventsOptions()));
        var outbound = Options.Create(new OutboundOptions { Allow = [receiver.HostAndPort] });
        var policy = new OutboundPolicy(outbound, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System);
        Http = new OutboundHttp(policy, new OutboundTrust(outbound), outbound);
        Settings = new AlarmSettings(temp.Store, temp.Sealer, temp.Time);
        Telling = new AlarmTelling(temp.Store, temp.Installations, office.Signals, temp.Time, NullLogger<AlarmTelling>.Instance);
        Calendar = new CredentialCalendar(temp.Store, temp.Time);
        Watch = new AlarmWatch(
            temp.Store, new Silences(temp.Store, options, temp.Time), Calendar, Telling, options, temp.Time, NullLogger<AlarmWatch>.Instance);
        Mails = new AlarmMails(
            temp.Store, new AlarmLetters(temp.Installations, Gateway.Portal.Sentences.Translate, temp.Time), office.Signals, temp.Time, NullLogger<AlarmMails>.Instance);
        Webhooks = new WebhookCalls(temp.Store, Settings, new WebhookPosts(Http, options, temp.Time), options, temp.Time, NullLogger<WebhookCalls>.Instance);
    }

    public PostOffice Office { get; }
    public OutsideServer Receiver { get; }
    public string Webhook => $"{Receiver.Url}/alarms";
    public OutboundHttp Http { get; }
    public AlarmSettings Settings { get; }
    public AlarmTelling Telling { get; }
    public CredentialCalendar Calendar { get; }
    public AlarmWatch Watch { get; }
    public AlarmMails Mails { get; }
    public WebhookCalls Webhooks { get; }

    /// <summary>The app that works; <see cref="PostOffice.App"/> is the one that gets into trouble.</summary>
    public Guid Other { get; private set; }

    public DateTimeOffset Now => Office.Temp.Time.GetUtcNow();

    public static async Task<AlarmBench> OpenAsync(string? postgres = null, string language = "en", bool withOther = true)
    {
        var bench = new AlarmBench(await PostOffice.OpenAsync(postgres: postgres), await OutsideServer.StartAsync());
        if (withOther) bench.Other = await bench.Office.AppAsync("sales@contoso.example");
        Assert.IsType<TargetsOutcome.Saved>(await bench.Settings.SaveAsync(bench.Office.Organisation, Admin, bench.Webhook, language, TempStore.Cancel));
        return bench;
    }

    public Task BreakAsync(Guid? app = null) => Office.WriteAsync(tx => Breakages.Break(tx, Office.Organisation, app ?? Office.App, PostOffice.Broken, Audit.Record, Now));

    public Task ConnectAsync(Guid? app = null) => Office.WriteAsync(tx => AppStates.Connect(tx, Office.Organisation, app ?? Office.App, "", Now));

    /// <summary>What all workers do once.</summary>
    public async Task LookAsync()
    {
        await Watch.LookAsync(TempStore.Cancel);
        await Mails.LookAsync(TempStore.Cancel);
        await CallAsync();
    }

    public async Task CallAsync()
    {
        foreach (var notice in await Webhooks.DueAsync(100, TempStore.Cancel)) await Webhooks.CallAsync(notice, TempStore.Cancel);
    }

    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Office.Temp.Time.Advance(step);
            await LookAsync();
        }
    }

    /// <summary>Letters that carry alarms, oldest first.</summary>
    public async Task<List<Carried>> LettersAsync()
    {
        var rows = await Office.Temp.Store.ReadAsync(
            tx => tx.For(Office.Organisation).List<LetterRow>("SELECT * FROM letter WHERE organisation_id = @organisation AND origin = 'alarm' ORDER BY id"), TempStore.Cancel);
        var letters = new List<Carried>();
        foreach (var row in rows)
        {
            await using var raw = await new RawMails(Office.Temp.Store).OpenAsync(row.OrganisationId, row.RawId, TempStore.Cancel);
            letters.Add(new Carried(row, await MimeMessage.LoadAsync(raw, TempStore.Cancel)));
        }
        return letters;
    }

    /// <summary>What Sending does with every alarm that waits.</summary>
    public Task SentAsync() => Office.WriteAsync(tx => tx.For(Office.Organisation).Execute(
        "UPDATE letter SET state = 'settled', state_reason = '250 OK' WHERE organisation_id = @organisation AND origin = 'alarm' AND state = 'waiting'"));

    public Task<List<AlarmNotice>> NoticesAsync() =>
        Office.Temp.Store.ReadAsync(tx => AlarmNotices.Last(tx, Office.Organisation, 100), TempStore.Cancel);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Receiver.DisposeAsync();
        await Office.DisposeAsync();
    }

    internal sealed record Carried(LetterRow Row, MimeMessage Mail);
}
