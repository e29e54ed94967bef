using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Store.Sqlite;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Once;

/// <summary>
/// One data folder with some apps side by side: in each wave every app sends a letter under a fault of its own. A kill waits a moment for
/// others, so that one strikes letters at several steps. At the end nothing is struck any more, what is in doubt is resolved as each app says, and everything is counted.
/// </summary>
internal sealed class OnceRound : IAsyncDisposable
{
    private const int BySmtp = 16;
    private const int ByGraph = 12;
    private const int GraphRequest = 64 * 1024;

    /// <summary>Graph's, of an upload session.</summary>
    private const int SmallestUpload = 10 * 320 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan DatabaseAway = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the gateway waits for SQLite's lock.</summary>
    private static readonly TimeSpan FileLocked = TimeSpan.FromSeconds(7);

    /// <summary>Shorter than the gateway waits for a reply.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly string Text = string.Join("\n", Enumerable.Range(1, 60).Select(line => string.Create(CultureInfo.InvariantCulture, $"Line {line} of what we have to say.")));
    private readonly string _root = Directory.CreateTempSubdirectory("passerelle-once-").FullName;
    private readonly DevFolder _folder;
    private readonly DevSettings _settings = DevFolder.AnyPorts();
    private readonly LabFixture _lab;
    private readonly OnceScene _scene;
    private readonly FaultHop _hop;
    private readonly GraphHop _graph;
    private readonly ThrowAwayPostgres? _postgres;
    private readonly string? _database;
    private readonly SemaphoreSlim _striking = new(1);
    private readonly Lock _gate = new();
    private readonly List<OnceLetter> _letters = [];
    private readonly HashSet<OnceLetter> _doubted = [];
    private readonly ConcurrentQueue<string> _hangs = new();
    private IReadOnlyList<OnceApp> _apps = [];
    private GatewayProcess? _gateway;
    private Task? _kill, _outage;
    private bool _isOver;

    private OnceRound(LabFixture lab, ThrowAwayPostgres? postgres, string? database)
    {
        (_lab, _postgres, _database) = (lab, postgres, database);
        _folder = new DevFolder(_root);
        Directory.CreateDirectory(_folder.Gateway);
        _scene = new OnceScene(lab, _settings);
        _hop = new FaultHop(lab.Endpoints.SmtpPort!.Value, lab.Trusts) { Strike = StrikeAsync }; // a lab of this fixture has one
        _graph = new GraphHop(_hop, lab.Endpoints.Https);
    }

    /// <param name="postgres">Null: SQLite.</param>
    public static async Task<OnceRound> OpenAsync(ThrowAwayPostgres? postgres, CancellationToken cancel) =>
        new(await LabFixture.StartAsync(cancel), postgres, postgres is null ? null : await postgres.NewDatabaseAsync());

    /// <exception cref="DevFault">The set-up itself failed.</exception>
    public async Task<OnceRecord> RunAsync(IReadOnlyList<HopFault> faults, CancellationToken cancel)
    {
        await _graph.StartAsync(cancel);
        await TrustTheHopAsync(cancel);
        _gateway = Start();
        await _gateway.WhenReadyAsync(cancel);
        await _gateway.FirstRunAsync(_folder, _settings, cancel);
        _apps = await _scene.SetUpAsync(_gateway, BySmtp, ByGraph, cancel);
        foreach (var wave in Waves(faults)) await WaveAsync(wave, cancel);
        return await CountAsync(faults.Count, await DrainAsync(cancel), cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _graph.DisposeAsync();
        await _hop.DisposeAsync();
        if (_gateway is not null) await _gateway.DisposeAsync();
        await _lab.DisposeAsync();
        _striking.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>As many of each transport as there are apps of it. Those that strike all come together, a quarter of a wave, so that a start of the gateway serves several.</summary>
    private static IEnumerable<IReadOnlyList<HopFault>> Waves(IReadOnlyList<HopFault> faults)
    {
        var (smtp, graph) = (Piles(faults.Where(fault => !fault.IsGraph)), Piles(faults.Where(fault => fault.IsGraph)));
        while (Take(smtp, BySmtp).Concat(Take(graph, ByGraph)).ToList() is { Count: > 0 } wave) yield return wave;

        static (Queue<HopFault> Strikes, Queue<HopFault> Others) Piles(IEnumerable<HopFault> some) =>
            some.ToLookup(fault => fault.StrikesAll) is var piles ? (new(piles[true]), new(piles[false])) : default;
    }

    private static List<HopFault> Take((Queue<HopFault> Strikes, Queue<HopFault> Others) piles, int most)
    {
        var taken = new List<HopFault>();
        while (taken.Count < most / 4 && piles.Strikes.TryDequeue(out var strike)) taken.Add(strike);
        while (taken.Count < most && piles.Others.TryDequeue(out var other)) taken.Add(other);
        return taken;
    }

    private async Task WaveAsync(IReadOnlyList<HopFault> faults, CancellationToken cancel)
    {
        _hop.CloseAll(); // what goes wrong at the door needs somebody who comes to it
        var sent = new List<OnceLetter>();
        foreach (var (fault, app) in Pairs(faults))
        {
            if (fault.Deed is HopDeed.Revoked) await _scene.RevokeAsync(app, cancel);
            _hop.Arm(fault is { Deed: HopDeed.Revoked, IsGraph: false } ? new HopFault(HopStep.SignIn, HopDeed.Permanent) : fault, app.Mailbox);
            sent.Add(Letter(app, fault.ToString(), fault.Step));
        }
        await Task.WhenAll(sent.Select(letter => OrderAsync(letter, cancel)));
        await SettledAsync(sent, cancel);
        _hop.Disarm();
        foreach (var (_, app) in Pairs(faults).Where(pair => pair.Fault.Deed is HopDeed.Revoked)) await _scene.AuthoriseAsync(app, cancel); // without it Sent Items stay shut, though the old token still sends
    }

    private IEnumerable<(HopFault Fault, OnceApp App)> Pairs(IReadOnlyList<HopFault> faults) =>
        from byGraph in (bool[])[false, true]
        from pair in faults.Where(fault => fault.IsGraph == byGraph).Zip(_apps.Where(app => app.ByGraph == byGraph))
        select pair;

    private OnceLetter Letter(OnceApp app, string fault, HopStep step)
    {
        var letter = new OnceLetter(
            Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), app, string.Create(CultureInfo.InvariantCulture, $"Letter {_letters.Count + 1}: {fault}"), FileOf(step));
        _letters.Add(letter);
        return letter;
    }

    /// <summary>What makes the letter go through that step: a draft, or an upload besides.</summary>
    private static int FileOf(HopStep step) => step switch
    {
        HopStep.GraphSession or HopStep.GraphPiece => SmallestUpload,
        HopStep.GraphDraft or HopStep.GraphFile or HopStep.GraphSend => 2 * GraphRequest,
        _ => 0,
    };

    private async Task OrderAsync(OnceLetter letter, CancellationToken cancel)
    {
        var order = new
        {
            key = letter.Id,
            appId = letter.App.Id,
            to = new[] { new { address = OnceScene.Customer } },
            subject = letter.Subject,
            text = Text,
            files = letter.FileBytes == 0 ? [] : new[] { new { name = "film.bin", type = "application/octet-stream", base64 = Convert.ToBase64String(new byte[letter.FileBytes]) } },
        };
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(Between, cancel))
        {
            try
            {
                await _gateway!.SendAsync(HttpMethod.Post, "/api/v1/letters", order, cancel); // started by RunAsync
                return;
            }
            catch (Exception away) when (away is HttpRequestException or IOException or DevFault or ObjectDisposedException && watch.Elapsed < Patience)
            {
                // killed just now, or without its database: the key makes asking again safe
            }
        }
    }

    /// <summary>Until each has left, is refused, or is in doubt; what waits for a person gets one.</summary>
    private async Task SettledAsync(IReadOnlyList<OnceLetter> letters, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        foreach (var letter in letters)
        {
            string state;
            while ((state = await StateAsync(letter, cancel)) is not ("settled" or "dead" or "unclear"))
            {
                if (watch.Elapsed > Patience)
                {
                    _hangs.Enqueue($"{letter.Subject} is {state} after three minutes");
                    break;
                }
                if (state == "blocked") await MendAsync(letter, cancel);
                await Task.Delay(Between, cancel);
            }
            if (state == "unclear") _doubted.Add(letter);
        }
    }

    /// <summary>What the app's page tells a person to do.</summary>
    private async Task MendAsync(OnceLetter letter, CancellationToken cancel)
    {
        try
        {
            if (await AppStateAsync(letter.App, cancel) == "broken") await _gateway!.SendAsync(HttpMethod.Post, $"/api/v1/apps/{letter.App.Id}/connection", null, cancel);
            if (await AppStateAsync(letter.App, cancel) == "broken") await _scene.AuthoriseAsync(letter.App, cancel);
            await _gateway!.SendAsync(HttpMethod.Post, $"/api/v1/letters/{letter.Id}/release", null, cancel);
        }
        catch (Exception away) when (away is HttpRequestException or IOException or DevFault or ObjectDisposedException)
        {
            // killed just now, or free already: the next round of looking sees
        }
    }

    private async Task<string> AppStateAsync(OnceApp app, CancellationToken cancel) =>
        (await _gateway!.GetAsync($"/api/v1/apps/{app.Id}", cancel)).GetProperty("state").GetString()!; // the API always gives one

    /// <returns>Empty while nobody answers.</returns>
    private async Task<string> StateAsync(OnceLetter letter, CancellationToken cancel) => Word(await LetterAsync(letter, cancel), "state");

    private async Task<JsonElement> LetterAsync(OnceLetter letter, CancellationToken cancel)
    {
        try
        {
            return await _gateway!.GetAsync($"/api/v1/letters/{letter.Id}", cancel);
        }
        catch (Exception away) when (away is HttpRequestException or IOException or DevFault or ObjectDisposedException)
        {
            return default;
        }
    }

    private static string Word(JsonElement letter, string name) => letter.ValueKind is JsonValueKind.Undefined ? "" : letter.GetProperty(name).GetString()!; // the API always gives one

    /// <summary>A letter of each app that nothing disturbs, a fresh process that looks into Sent Items at once, then the people.</summary>
    /// <returns>How many were left to a person.</returns>
    private async Task<int> DrainAsync(CancellationToken cancel)
    {
        var witnesses = _apps.Select(app => Letter(app, "undisturbed", HopStep.Connect)).ToList();
        await Task.WhenAll(witnesses.Select(letter => OrderAsync(letter, cancel)));
        await SettledAsync(witnesses, cancel);
        await RestartAsync(cancel);
        var watch = Stopwatch.StartNew();
        var asked = new HashSet<OnceLetter>();
        while (await DoubtfulAsync(cancel) is { Count: > 0 } left)
        {
            if (watch.Elapsed > 2 * Patience)
            {
                foreach (var letter in left) _hangs.Enqueue($"{letter.Subject}: nobody resolved it");
                break;
            }
            var held = left.Where(letter => !letter.App.ByEvidence).ToList();
            await AnswerAsync(held, cancel);
            asked.UnionWith(held);
            await Task.Delay(Between * 5, cancel);
        }
        return asked.Count;
    }

    /// <summary>Of those that were ever in doubt, what has neither left nor is refused: one that is sent again may be in doubt again where the machine is slow.</summary>
    private async Task<List<OnceLetter>> DoubtfulAsync(CancellationToken cancel)
    {
        await SettledAsync([.. _doubted], cancel);
        var left = new List<OnceLetter>();
        foreach (var letter in _doubted)
        {
            if (await StateAsync(letter, cancel) is not ("settled" or "dead")) left.Add(letter);
        }
        return left;
    }

    /// <summary>A person knows what reached the customer.</summary>
    private async Task AnswerAsync(IReadOnlyList<OnceLetter> held, CancellationToken cancel)
    {
        if (held.Count == 0) return;
        var delivered = await ArrivedAsync(cancel);
        foreach (var letter in held)
            await _gateway!.SendAsync(HttpMethod.Post, $"/api/v1/letters/{letter.Id}/resolve", new { left = delivered.Contains(letter.Subject), evidence = "The customer was asked" }, cancel); // started by RunAsync
    }

    /// <summary>SIGTERM, and nothing is struck any more: a connection of the last wave may still have something in store.</summary>
    private async Task RestartAsync(CancellationToken cancel)
    {
        await _striking.WaitAsync(cancel);
        try
        {
            _isOver = true;
            await _gateway!.DisposeAsync(); // started by RunAsync
            _gateway = Start();
        }
        finally
        {
            _striking.Release();
        }
        await _gateway.WhenReadyAsync(cancel);
    }

    private async Task<OnceRecord> CountAsync(int runs, int byPerson, CancellationToken cancel)
    {
        var delivered = await ArrivedAsync(cancel);
        var (lost, duplicated) = (new List<string>(), new List<string>());
        var (found, refused) = (0, 0);
        foreach (var letter in _letters)
        {
            var row = await LetterAsync(letter, cancel);
            var (state, reason, copies) = (Word(row, "state"), Word(row, "stateReason"), delivered[letter.Subject].Count());
            if (reason.StartsWith("Its copy lies in Sent Items", StringComparison.Ordinal)) found++;
            if (state == "dead") refused++;
            if (copies > 1) duplicated.Add($"{copies} times: '{letter.Subject}', {state}: {reason}");
            else if (state == "dead" && copies > 0) duplicated.Add($"delivered, and a person would send it again: '{letter.Subject}', {reason}");
            else if (state == "settled" && copies == 0) lost.Add($"lost: '{letter.Subject}', {reason}");
            else if (state is not ("settled" or "dead")) _hangs.Enqueue($"{letter.Subject} is {state} at the end");
        }
        return new OnceRecord
        {
            At = TimeProvider.System.GetUtcNow(),
            Store = _postgres is null ? RecoverySoak.Sqlite : RecoverySoak.Postgres,
            Runs = runs,
            Faults = _hop.Played.GroupBy(fault => fault.ToString()).ToDictionary(kind => kind.Key, kind => kind.Count()),
            Delivered = _letters.Count(letter => delivered.Contains(letter.Subject)),
            Refused = refused,
            Unclear = _doubted.Count,
            Found = found,
            SentAgain = _doubted.Count(letter => letter.App.ByEvidence) - found,
            ByPerson = byPerson,
            Lost = lost.Count,
            Duplicated = duplicated.Count,
            Hangs = _hangs.Count,
            Notes = [.. lost, .. duplicated, .. _hangs],
        };
    }

    /// <summary>Once all that Exchange took has reached the customer.</summary>
    private async Task<ILookup<string, LabMailItem>> ArrivedAsync(CancellationToken cancel)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(Between, cancel))
        {
            var delivered = await _scene.DeliveredAsync(cancel);
            if (delivered.Sum(mails => mails.Count()) >= await _scene.TakenAsync(cancel)) return delivered;
            if (watch.Elapsed < Patience) continue;
            _hangs.Enqueue("The lab has not delivered all that it took");
            return delivered;
        }
    }

    /// <summary>In the middle of a step. The first waits a moment for others: each is held where it is until it happens to all of them.</summary>
    private Task StrikeAsync(HopFault fault)
    {
        lock (_gate) return fault.Deed is HopDeed.DatabaseAway ? _outage ??= GatherAsync(fault) : _kill ??= GatherAsync(fault);
    }

    private async Task GatherAsync(HopFault fault)
    {
        await Task.Delay(Gathering);
        await _striking.WaitAsync();
        try
        {
            lock (_gate) _ = fault.Deed is HopDeed.DatabaseAway ? _outage = null : _kill = null; // who comes now comes to what is struck next
            if (fault.Deed is HopDeed.DatabaseAway) await TakeDatabaseAwayAsync();
            else if (!_isOver) await KillAsync(fault);
        }
        catch (Exception failed)
        {
            _hangs.Enqueue($"{fault} could not be played: {failed.Message}"); // the hop's connection ends with it, and nobody else would hear
            throw;
        }
        finally
        {
            _striking.Release();
        }
    }

    private async Task TakeDatabaseAwayAsync()
    {
        if (_postgres is { } postgres)
        {
            await postgres.StopAsync();
            await Task.Delay(DatabaseAway);
            await postgres.StartAgainAsync();
            return;
        }
        await using var other = new SqliteConnection($"Data Source={SqliteFile.PathIn(_folder.Gateway)};Pooling=False");
        await other.OpenAsync();
        await using var locked = other.BeginTransaction(); // BEGIN IMMEDIATE: nobody else may write
        await Task.Delay(FileLocked);
    }

    private async Task KillAsync(HopFault fault)
    {
        try
        {
            await _gateway!.KillAsync(); // a letter is under way, so it runs
        }
        catch (DevFault ended)
        {
            _hangs.Enqueue($"{fault}: {ended.Message}: {File.ReadLines(_folder.GatewayLog).LastOrDefault()}");
        }
        _gateway = Start();
        await _gateway.WhenReadyAsync(CancellationToken.None); // one that starts without its database ends, and no supervisor starts it anew here
    }

    private GatewayProcess Start() => GatewayProcess.Start(
        _folder, _settings, MicrosoftSide.Of(_lab.Endpoints) with { Smtp = _hop.Port, CaFile = TrustFile }, Configuration);

    private string TrustFile => Path.Combine(_root, "trusted.pem");

    private async Task TrustTheHopAsync(CancellationToken cancel) => await File.WriteAllTextAsync(
        TrustFile, await File.ReadAllTextAsync(_lab.Endpoints.CaCertificate, cancel) + "\n" + _hop.Certificate.ExportCertificatePem(), cancel);

    private IReadOnlyList<string> Configuration =>
    [
        "--Queue:FirstRetrySeconds=1", "--Queue:LongestRetrySeconds=2", "--Sending:MessagesPerMinute=100000", "--Sending:ReplySeconds=2",
        "--Sending:FirstRepairSeconds=1", "--Tokens:FirstRetrySeconds=1", "--Polling:SentItemsMinutes=0", "--Logging:LogLevel:Default=Warning",
        $"--Apps:MicrosoftGraph={_graph.Address}", $"--Outbound:Allow:9={_graph.Address.Authority}",
        FormattableString.Invariant($"--Sending:GraphRequestBytes={GraphRequest}"), FormattableString.Invariant($"--Sending:GraphChunkBytes={SmallestUpload / 2}"),
        .. _database is null ? Array.Empty<string>() : [$"--Store:Postgres={_database}"],
    ];

    /// <param name="Subject">As unique as the letter.</param>
    /// <param name="FileBytes">Of its file; 0: it has none.</param>
    private sealed record OnceLetter(Guid Id, OnceApp App, string Subject, int FileBytes);
}
