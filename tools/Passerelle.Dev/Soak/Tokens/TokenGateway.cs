using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Cluster;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Gateway.Events.Webhooks;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Outbound;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Sending;
using Passerelle.Gateway.Store;
using Passerelle.Gateway.Store.Sealing;
using Passerelle.Gateway.Tokens;
using Passerelle.Lab.Testing;
using Passerelle.Mail;
using Passerelle.Mail.Replies;

namespace Passerelle.Dev.Soak.Tokens;

/// <summary>
/// The gateway's own rooms, put together as <c>serve</c> does, over a real store, on a clock that the soak moves. What its
/// hosted services do by a timer is done here by <see cref="WorkAsync"/>, so that a simulated day ends when its work is done.
/// </summary>
internal sealed class TokenGateway : IAsyncDisposable
{
    private const int MostApps = 1000;
    private const int AtATime = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("passerelle-soak-tokens-").FullName;
    private readonly WebApplication _app;

    private TokenGateway(TimeProvider time, LabAddresses lab, Uri webhook, IEnumerable<string> more)
    {
        _app = GatewayApplication.Build(
            [
                $"--Store:DataFolder={Path.Combine(_folder, "data")}",
                $"--Store:KeyFile={KeyFile}",
                $"--Apps:MicrosoftAuthority={lab.Https.GetLeftPart(UriPartial.Authority)}",
                $"--Apps:MicrosoftSmtpHost={lab.Https.Host}",
                $"--Apps:MicrosoftSmtpPort={lab.SmtpPort}",
                $"--Outbound:CaFile={lab.CaCertificate}",
                $"--Outbound:Allow:0={lab.Https.Host}:{lab.Https.Port}",
                $"--Outbound:Allow:1={lab.Https.Host}:{lab.SmtpPort}",
                $"--Outbound:Allow:2={webhook.Authority}",
                "--Logging:LogLevel:Default=None",
                .. more,
            ],
            services =>
            {
                services.RemoveAll<IHostedService>(); // nothing moves by itself
                services.Replace(ServiceDescriptor.Singleton(time));
            });
        Time = time;
    }

    public TimeProvider Time { get; }

    /// <summary>Opens what this gateway sealed.</summary>
    public string KeyFile => Path.Combine(_folder, "key");
    public Guid Organisation { get; private set; }
    public IStore Store => Get<IStore>();
    private GrantKeeper Keeper { get; set; } = null!; // made in StartAsync
    private Repairs Repairs { get; set; } = null!; // made in StartAsync
    private AlarmWatch Alarms { get; set; } = null!; // made in StartAsync
    private AlarmMails Mails { get; set; } = null!; // made in StartAsync

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="more">Settings beyond those of the tokens' soak.</param>
    public static async Task<TokenGateway> StartAsync(TimeProvider time, LabAddresses lab, Uri webhook, CancellationToken cancel, params IEnumerable<string> more)
    {
        var gateway = new TokenGateway(time, lab, webhook, more);
        await gateway.Get<KeyRing>().OpenAsync(cancel);
        gateway.Organisation = await gateway.FirstRunAsync(cancel);
        gateway.Keeper = ActivatorUtilities.CreateInstance<GrantKeeper>(gateway._app.Services);
        gateway.Repairs = ActivatorUtilities.CreateInstance<Repairs>(gateway._app.Services);
        gateway.Alarms = ActivatorUtilities.CreateInstance<AlarmWatch>(gateway._app.Services);
        gateway.Mails = ActivatorUtilities.CreateInstance<AlarmMails>(gateway._app.Services);
        return gateway;
    }

    /// <summary>A letter of the app to somebody outside, by the path of all letters.</summary>
    /// <returns>Its Message-ID, without brackets.</returns>
    public async Task<string> WriteAsync(TokenApp app, string to, CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var draft = new Draft
        {
            From = new MailParty(app.Mailbox, ""),
            MessageId = NewLetter.InternetIdOf(id, app.Mailbox),
            Date = now,
            Subject = "About your order",
            Text = "It is on its way.",
        };
        var composed = (Composition.Composed)ReplyComposer.New(draft, [new MailParty(to, "")]); // both addresses are ours
        var letter = new NewLetter
        {
            OrganisationId = Organisation,
            AppId = app.Id,
            Id = id,
            ConversationId = id,
            Origin = NewLetter.Person,
            Automatic = false,
            Correspondent = to,
            Subject = composed.Subject,
            Raw = composed.Bytes,
            Recipients = composed.Recipients,
            InternetId = composed.MessageId,
        };
        await Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                Threads.Place(tx, Organisation, app.Id, new ThreadHints([], AddressText.Fold(to), letter.Subject), id, now);
                Letters.Insert(tx, letter, now);
                return true;
            },
            cancel);
        return composed.MessageId.Trim('<', '>');
    }

    /// <summary>One turn of every worker. Alarms first: what breaks in this turn is seen by the next one, as with their timers.</summary>
    public async Task WorkAsync(CancellationToken cancel)
    {
        await Alarms.LookAsync(cancel);
        await Mails.LookAsync(cancel);
        var calls = Get<WebhookCalls>();
        foreach (var call in await calls.DueAsync(MostApps, cancel)) await calls.CallAsync(call, cancel);
        await Keeper.LookAsync(cancel);
        await Repairs.LookAsync(cancel);
        await SendAsync(cancel);
    }

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => Get<Letters>().NextDueAsync(Time.GetUtcNow(), cancel);

    /// <summary>Apps that are broken, alarms and notices that are open: somebody looks at them every few seconds.</summary>
    public Task<bool> IsTroubledAsync(CancellationToken cancel) => Store.ReadAsync(
        tx => tx.For(Organisation).One<long>(
            """
            SELECT (SELECT COUNT(*) FROM app WHERE organisation_id = @organisation AND state IN ('broken', 'unauthorised'))
                + (SELECT COUNT(*) FROM alarm_notice WHERE organisation_id = @organisation AND state IN ('waiting', 'handed'))
                + (SELECT COUNT(*) FROM alarm WHERE organisation_id = @organisation AND cleared_at IS NULL AND kind = 'broken')
            """) > 0,
        cancel);

    /// <summary>State of each letter by Message-ID without brackets, alarms left out.</summary>
    public async Task<Dictionary<string, string>> LettersAsync(CancellationToken cancel) => (await Store.ReadAsync(
        tx => tx.For(Organisation).List<LetterRow>("SELECT * FROM letter WHERE organisation_id = @organisation"), cancel))
        .ToDictionary(letter => letter.InternetId.Trim('<', '>'), letter => letter.State.ToString());

    public async ValueTask DisposeAsync()
    {
        Keeper.Dispose();
        Repairs.Dispose();
        Alarms.Dispose();
        Mails.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        var due = await Get<Letters>().DueAsync(cancel);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel }, async (app, _) =>
        {
            var owner = await Get<Ownerships>().OfAsync(app.OrganisationId, app.AppId, cancel);
            using var pool = new SubmissionPool(Get<OutboundPolicy>(), Get<OutboundTrust>(), Get<IOptions<SendingOptions>>().Value, Time);
            while (await Get<Dispatch>().ClaimAsync(owner, pool, new LetterClaim(1), cancel) is { Count: > 0 } next)
                await await Get<Dispatch>().SendAsync(next, (_, _) => { }, cancel);
        });
    }

    private async Task<Guid> FirstRunAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await Store.WriteAsync(
            Lane.Work,
            tx =>
            {
                Installations.Write(tx, new Installation("https://mail.contoso.example", "in.contoso.example", "proxy"));
                return tx.Across("the list of owners").Execute(
                    "INSERT INTO organisation (id, name, created_at) VALUES (@id, 'Contoso', @now)", new { id, now });
            },
            cancel);
        return id;
    }
}
