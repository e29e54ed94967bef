using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak;
using Passerelle.Gateway.Access;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Hosting;
using Passerelle.Gateway.Messages;
using Passerelle.Gateway.Messages.Search;
using Passerelle.Gateway.Store;

namespace Passerelle.Dev.Bench.Messages;

/// <summary>The product on SQLite in a folder of its own, or on a PostgreSQL server of its own, with so many messages in it, and a browser that is signed in.</summary>
internal sealed class FilledGateway : IAsyncDisposable
{
    private const int InOneWrite = 500;
    private static readonly TimeSpan Span = TimeSpan.FromDays(730);
    private readonly string _folder;
    private readonly bool _isKept;
    private readonly WebApplication _app;
    private readonly ThrowAwayPostgres? _server;
    private readonly string? _database;

    /// <param name="database">Of the server; null: SQLite.</param>
    private FilledGateway(string folder, bool isKept, ThrowAwayPostgres? server, string? database)
    {
        (_folder, _isKept, _server, _database) = (folder, isKept, server, database);
        _app = GatewayApplication.Build(
        [
            $"--Store:DataFolder={Path.Combine(_folder, "data")}", "--Http:Port=0", "--Receiving:Endpoints:0=127.0.0.1:0", "--Logging:LogLevel:Default=None",
            .. database is null ? (string[])[] : [$"--Store:Postgres={database}"],
        ]);
    }

    public Guid Organisation { get; private set; }
    public IReadOnlyList<Guid> Apps { get; private set; } = [];

    /// <summary>Messages whose bytes are there, so that their pages read them.</summary>
    public List<Guid> Whole { get; } = [];
    public HttpClient Browser { get; private set; } = new();

    /// <summary>How long it took; null of a store that was kept.</summary>
    public TimeSpan? Filling { get; private set; }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<long> StoreBytesAsync(CancellationToken cancel) => _database is null
        ? Task.FromResult(new DirectoryInfo(Path.Combine(_folder, "data")).EnumerateFiles("passerelle.db*").Sum(file => file.Length))
        : Get<IStore>().ReadAsync(tx => tx.Across("the database as a whole").One<long>("SELECT pg_database_size(current_database())"), cancel);

    /// <param name="keep">A folder that stays, and is not filled again when it holds a store that this has filled; null: a temporary one.</param>
    public static async Task<FilledGateway> StartAsync(int messages, bool onPostgres, string? keep, TextWriter progress, CancellationToken cancel)
    {
        var folder = keep is null ? Directory.CreateTempSubdirectory("passerelle-bench-messages-").FullName : Directory.CreateDirectory(Path.GetFullPath(keep)).FullName;
        var server = !onPostgres ? null : keep is null ? await ThrowAwayPostgres.StartAsync() : await ThrowAwayPostgres.KeptAsync(Path.Combine(folder, "postgres"));
        var gateway = new FilledGateway(folder, keep is not null, server, server is null ? null : keep is null ? await server.NewDatabaseAsync() : server.Kept);
        await gateway._app.StartAsync(cancel);
        if (!await gateway.IsFilledAsync(messages, cancel))
        {
            await gateway.FirstRunAsync(cancel);
            var clock = Stopwatch.StartNew();
            await gateway.FillAsync(messages, progress, cancel);
            gateway.Filling = clock.Elapsed;
        }
        await gateway.SignInAsync(cancel);
        return gateway;
    }

    /// <summary>What PostgreSQL's autovacuum does within minutes: without it nothing is known of what the tables hold.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        if (_database is null) return;
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand("VACUUM (ANALYZE)");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        if (!_isKept) Directory.Delete(_folder, recursive: true);
    }

    /// <exception cref="DevFault">The store holds another number of messages.</exception>
    private async Task<bool> IsFilledAsync(int messages, CancellationToken cancel)
    {
        if (await Get<People>().OrganisationsAsync(cancel) is not [var organisation]) return false;
        Organisation = organisation;
        Apps = [.. (await Get<EmailApps>().ListAsync(organisation, cancel)).Select(app => app.Id).Order()];
        var (stored, whole) = await Get<IStore>().ReadAsync(
            tx => (tx.For(organisation).One<long>("SELECT COUNT(*) FROM message_search WHERE organisation_id = @organisation"),
                tx.For(organisation).List<Guid>("SELECT id FROM raw_mail WHERE organisation_id = @organisation ORDER BY id")),
            cancel);
        if (stored != messages) throw new DevFault($"{_folder} holds {stored:N0} messages, not {messages:N0}: remove it");
        Whole.AddRange(whole);
        return true;
    }

    private async Task FirstRunAsync(CancellationToken cancel)
    {
        var form = new FirstRunForm
        {
            Token = await File.ReadAllTextAsync(Path.Combine(_folder, "data", "first-run-token"), cancel),
            Email = "admin@contoso.example",
            Name = "Admin",
            Password = "not a real password",
            Organisation = "Contoso",
            PublicUrl = "http://localhost:8080",
            InboundDomain = "in.contoso.example",
        };
        await Get<FirstRun>().CompleteAsync(form, "bench", "en", cancel);
        Organisation = (await Get<People>().OrganisationsAsync(cancel)).Single();
        var apps = new List<Guid>();
        for (var i = 0; i < 20; i++) apps.Add((await Get<EmailApps>().OpenDraftAsync(Organisation, cancel)).Id);
        Apps = apps;
    }

    private async Task SignInAsync(CancellationToken cancel)
    {
        var (secret, person) = (Sessions.NewSecret(), Guid.CreateVersion7());
        await Get<IStore>().WriteAsync(
            Lane.Work,
            tx =>
            {
                People.Insert(tx, Organisation, new Person { Id = person, Name = "Reader", Email = $"reader-{person:N}@contoso.example", Role = Caller.Admin, CreatedAt = TimeProvider.System.GetUtcNow() }, "", "en");
                Get<Sessions>().Start(tx, secret, person, Organisation);
                return true;
            },
            cancel);
        var url = Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(address => !address.Contains("unix", StringComparison.Ordinal)); // set by Kestrel's start
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(url) };
        Browser.DefaultRequestHeaders.Add("Cookie", $"{SessionCookie.LoopbackName}={secret}");
    }

    private async Task FillAsync(int messages, TextWriter progress, CancellationToken cancel)
    {
        var (mail, start) = (new GeneratedMail(7), TimeProvider.System.GetUtcNow() - Span);
        for (var done = 0; done < messages; done += InOneWrite)
        {
            var group = Enumerable.Range(done, Math.Min(InOneWrite, messages - done)).Select(number => Made(mail, number, start + (Span * ((double)number / messages)))).ToList();
            await Get<IStore>().WriteAsync(Lane.Work, tx => Insert(tx, group), cancel);
            if (done % 50_000 == 0) await progress.WriteLineAsync($"{done:N0} of {messages:N0} messages");
        }
    }

    private (Message Message, SearchEntry Entry, byte[]? Raw) Made(GeneratedMail mail, int number, DateTimeOffset at)
    {
        var (person, text, id) = (mail.Person(), mail.Text(number), Guid.CreateVersion7(at));
        var message = new Message
        {
            OrganisationId = Organisation,
            Id = id,
            AppId = Apps[number % Apps.Count],
            ReceiptId = id,
            RawId = id,
            ConversationId = id,
            Kind = mail.Kind(),
            KindEvidence = "",
            FromAddress = GeneratedMail.PersonAddress(person),
            FromName = GeneratedMail.PersonName(person),
            PartiesJson = new Parties([new(GeneratedMail.PersonName(person), GeneratedMail.PersonAddress(person))], null, [], [new("", "support@contoso.example")], []).ToJson(),
            Subject = mail.Subject(),
            Text = text,
            Html = $"<p>{text.Replace("\n", "<br>", StringComparison.Ordinal)}</p>",
            SentAt = at,
            InternetId = $"<{number}.{person}@mail.example>",
            InReplyTo = "",
            ReferenceIds = "[]",
            Verdict = "unproven",
            VerdictReasons = "[]",
            Findings = "[]",
            Size = text.Length,
            ReceivedAt = at,
            ReadAt = at,
            State = MessageState.Routed,
            StateReason = "",
            Attempts = 0,
            DueAt = at,
            Epoch = 0,
        };
        return (message, SearchEntry.Of(message, [], []), number % 2_000 == 0 ? Raw(message) : null);
    }

    private bool Insert(Tx tx, List<(Message Message, SearchEntry Entry, byte[]? Raw)> group)
    {
        foreach (var (message, entry, raw) in group)
        {
            Threads.Begin(tx, Organisation, message.AppId, message.FromAddress, message.Subject, message.ConversationId, message.ReceivedAt);
            MessageRows.Insert(tx, message, []);
            SearchRows.Insert(tx, message, entry);
            if (raw is null) continue;
            RawMails.Insert(tx, Organisation, message.RawId, raw, message.ReceivedAt);
            Whole.Add(message.Id);
        }
        return true;
    }

    private static byte[] Raw(Message message) => Encoding.UTF8.GetBytes(
        $"""
        From: {message.FromName} <{message.FromAddress}>
        To: support@contoso.example
        Subject: {message.Subject}
        Message-ID: {message.InternetId}
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="b"

        --b
        Content-Type: text/plain; charset=utf-8

        {message.Text}
        --b
        Content-Type: text/html; charset=utf-8

        {message.Html}
        --b--

        """.ReplaceLineEndings("\r\n"));
}
