using System.Diagnostics;
using System.Globalization;
using Passerelle.Dev.Bench.Send;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak.Send;
using Passerelle.Dev.Soak.Tokens;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Cluster;

/// <summary>
/// Two nodes on one PostgreSQL, and apps of a lab that each hold a token that has just ended. Letters are written all the while; each
/// node is killed, one is stopped in order, the other frozen and woken. Then what the server saw is counted: a sink with the limits of Exchange, because the lab
/// signs and stores every mail, and would be what is measured.
/// </summary>
internal sealed class ClusterRound : IAsyncDisposable
{
    public const int PerMinute = 30;
    private const string A = "mail-a";
    private const string B = "mail-b";
    private const int WarmUps = 8;
    private const int Rounds = 7;

    /// <summary>Of each app at most: the rounds of a minute fit into a mailbox's minute.</summary>
    private const int MostARound = PerMinute / 10;

    /// <summary>Of all apps: enough to measure, and few enough to be written in their time.</summary>
    private const int LettersARound = 3000;

    /// <summary>From the writing of a round until it falls due: enough to write it.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(61);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private readonly string _root;
    private readonly ThrowAwayPostgres _postgres;
    private readonly LabFixture _lab;
    private readonly TokenGateway _hand;
    private readonly TokenDirectory _directory;
    private readonly LabLog _log;
    private readonly SendingRows _rows;
    private readonly SinkBook _book;
    private readonly Sink _sink;
    private readonly ClusterNodes _nodes;
    private readonly TextWriter _progress;
    private readonly Dictionary<Guid, EmailApp> _written = [];
    private readonly Dictionary<Guid, (int Times, DateTimeOffset At)> _taken = [];
    private readonly List<string> _notes = [];
    private List<EmailApp> _apps = [];
    private int _read;

    private ClusterRound(string root, ThrowAwayPostgres postgres, LabFixture lab, TokenGateway hand, SinkBook book, Sink sink, ClusterNodes nodes, TextWriter progress)
    {
        (_root, _postgres, _lab, _hand, _book, _sink, _nodes, _progress) = (root, postgres, lab, hand, book, sink, nodes, progress);
        _directory = new TokenDirectory(lab, hand);
        _log = new LabLog(lab.Control, TokenDirectory.Lab);
        _rows = new SendingRows(hand.Store, hand.Get<Sealer>());
    }

    /// <param name="isInstalled">The Release build, which tools/soak.sh makes.</param>
    public static async Task<ClusterRound> OpenAsync(bool isInstalled, TextWriter progress, CancellationToken cancel)
    {
        var root = Directory.CreateTempSubdirectory("passerelle-soak-cluster-").FullName;
        var postgres = await ThrowAwayPostgres.StartAsync();
        var database = await postgres.NewDatabaseAsync();
        var lab = await LabFixture.StartAsync(cancel);
        var hand = await TokenGateway.StartAsync(TimeProvider.System, lab.Endpoints, new Uri("http://127.0.0.1:1/"), cancel, $"--Store:Postgres={database}");
        var authorities = Path.Combine(root, "authorities.pem"); // whom the nodes believe: the sink's and the lab's
        var book = new SinkBook();
        var sink = await Sink.StartAsync(authorities, () => new LimitedTaker(book, LabTokens.IsTokenOf), cancel);
        await File.AppendAllTextAsync(authorities, "\n" + await File.ReadAllTextAsync(lab.Endpoints.CaCertificate, cancel), cancel);
        var nodes = new ClusterNodes(
            root, database, hand.KeyFile, MicrosoftSide.Of(lab.Endpoints) with { CaFile = authorities }, isInstalled,
            [
                FormattableString.Invariant($"--Outbound:Allow:9={Sink.Host}:{sink.Port}"),
                FormattableString.Invariant($"--Sending:MessagesPerMinute={PerMinute}"),
                "--Queue:FirstRetrySeconds=1",
                "--Queue:LongestRetrySeconds=3",
                "--Logging:LogLevel:Default=Warning",
            ]);
        return new ClusterRound(root, postgres, lab, hand, book, sink, nodes, progress);
    }

    /// <param name="isMeasured">How fast one node is and how fast two are; takes nine minutes.</param>
    /// <exception cref="DevFault">The set-up failed, or something never came to an end.</exception>
    public async Task<ClusterRecord> RunAsync(int apps, bool isMeasured, CancellationToken cancel)
    {
        var asked = await ConnectAsync(apps, cancel);
        await _nodes.StartAsync(A, cancel);
        await _nodes.StartAsync(B, cancel);
        await WriteAndWaitAsync(_apps, 1, cancel);
        await ClusterNodes.WhenAsync( // the first did not know the second when it took them: it gives it a share
            async () => await OwnedAsync(A, cancel) is { Count: > 0 } && await OwnedAsync(B, cancel) is { Count: > 0 }, $"One node keeps all apps; see {_nodes.LogOf(A)} and {_nodes.LogOf(B)}", cancel);
        int[] owned = [(await OwnedAsync(A, cancel)).Count, (await OwnedAsync(B, cancel)).Count];
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{A} owns {owned[0]} apps, {B} {owned[1]}"));

        double? two = isMeasured ? await PaceAsync(2, cancel) : null; // and who takes over has run for a while, as on a working day
        var killed = await StrikeAsync(A, "kill -9", () => _nodes.KillAsync(A), cancel);
        double? one = isMeasured ? await PaceAsync(1, cancel) : null;
        await ComeBackAsync(A, cancel);
        var other = await StrikeAsync(B, "kill -9", () => _nodes.KillAsync(B), cancel);
        await ComeBackAsync(B, cancel);

        var before = (await UnclearAsync(cancel)).Count;
        var leaving = Task.CompletedTask;
        var left = await StrikeAsync(A, "SIGTERM", () => Task.FromResult(leaving = _nodes.StopAsync(A)), cancel);
        await leaving;
        var shared = await ComeBackAsync(A, cancel);
        var byOrder = (await UnclearAsync(cancel)).Count - before;

        var stopped = await StrikeAsync(B, "SIGSTOP", () => Task.Run(_nodes[B].Freeze, cancel), cancel);
        _nodes[B].Thaw();
        var code = await _nodes.WhenEndedAsync(B, cancel);
        await SayAsync($"{B} woke, found that it had been taken for dead, and ended with {code}");
        await _nodes.StartAsync(B, cancel); // as a supervisor would
        await WriteAndWaitAsync(_apps, 1, cancel);
        return await CountAsync(
            new ClusterRecord
            {
                At = TimeProvider.System.GetUtcNow(),
                Apps = _apps.Count,
                Owned = owned,
                LeaveSeconds = left,
                ShareSeconds = shared,
                UnclearByOrder = byOrder,
                KillSeconds = Math.Max(killed, other),
                StopSeconds = stopped,
                ExitCode = code,
                OneNode = one,
                TwoNodes = two,
            },
            asked,
            cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _sink.DisposeAsync();
        await _hand.DisposeAsync();
        await _lab.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Each app is authorised as a person does it; then it sends to the sink, and its token ends, so that the cluster has to renew each once.</summary>
    /// <returns>Requests at the token endpoint so far, by client id.</returns>
    private async Task<Dictionary<string, int>> ConnectAsync(int apps, CancellationToken cancel)
    {
        await _directory.OpenAsync(cancel);
        for (var number = 0; number < apps; number++)
        {
            await _directory.AddAsync(number, TimeSpan.Zero, cancel);
            if (number % 100 == 99) await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{number + 1} of {apps} apps authorised"));
            await _log.ReadAsync(cancel);
        }
        await _nodes.ListAsync(FormattableString.Invariant($"UPDATE app SET smtp_host = '{Sink.Host}', smtp_port = {_sink.Port} RETURNING state"), cancel);
        await _nodes.ListAsync("UPDATE oauth_grant SET access_expires_at = 0 RETURNING state", cancel);
        _apps = await _hand.Get<EmailApps>().ListAsync(_hand.Organisation, cancel);
        return _apps.ToDictionary(app => app.ClientId, Requests);
    }

    /// <summary>Letters are on their way when it happens, and more are written after it to all that the node owned.</summary>
    /// <returns>Seconds until the server had taken the last of those.</returns>
    private async Task<double> StrikeAsync(string node, string name, Func<Task> strike, CancellationToken cancel)
    {
        var owned = await OwnedAsync(node, cancel);
        if (owned.Count == 0) throw new DevFault($"{node} owns nothing: there is nothing to see");
        await WriteAsync(owned, 1, cancel);
        await _nodes.NudgeAsync(cancel);
        await Task.Delay(LookEvery, cancel); // some are being handed over
        var struck = TimeProvider.System.GetUtcNow();
        await strike();
        var after = await WriteAsync(owned, 1, cancel);
        await _nodes.NudgeAsync(cancel);
        await WaitAsync(after, cancel);
        var seconds = (after.Max(id => _taken[id].At) - struck).TotalSeconds;
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{node}, {name}: its {owned.Count} apps are served after {seconds:0.0} s"));
        return seconds;
    }

    /// <summary>Starts a node that had left, while letters are on their way.</summary>
    /// <returns>Seconds until the other one had given it its share.</returns>
    private async Task<double> ComeBackAsync(string node, CancellationToken cancel)
    {
        await _nodes.StartAsync(node, cancel);
        var watch = Stopwatch.StartNew();
        var underWay = await WriteAsync(_apps, 2, cancel);
        await _nodes.NudgeAsync(cancel);
        await ClusterNodes.WhenAsync(
            async () => (await OwnedAsync(node, cancel)).Count >= _apps.Count / 3, $"{node} came back and gets no share; see {_nodes.LogOf(A)} and {_nodes.LogOf(B)}", cancel);
        var seconds = watch.Elapsed.TotalSeconds;
        await WaitAsync(underWay, cancel);
        await WriteAndWaitAsync(_apps, 1, cancel);
        var owned = (await OwnedAsync(node, cancel)).Count;
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{node} came back: after {seconds:0.0} s it had its share, and owns {owned} apps"));
        return seconds;
    }

    /// <summary>All letters of a round fall due at one moment; the first rounds warm the nodes up and do not count.</summary>
    /// <returns>Letters that the server took in a second, from that moment to the last one; the median round.</returns>
    private async Task<double> PaceAsync(int nodes, CancellationToken cancel)
    {
        var paces = new List<double>();
        await Task.Delay(Minute, cancel); // the budgets of the minute before are spent
        await _nodes.VacuumAsync(cancel);
        var each = Math.Clamp(LettersARound / _apps.Count, 1, MostARound);
        for (var round = 1; round <= WarmUps + Rounds; round++)
        {
            var due = TimeProvider.System.GetUtcNow() + Lead;
            var ids = await WriteAsync(_apps, each, cancel, due);
            await _nodes.NudgeAsync(cancel);
            if (TimeProvider.System.GetUtcNow() > due) throw new DevFault("The letters were due before they were written: measure on a calm machine");
            await WaitAsync(ids, cancel);
            var seconds = (ids.Max(id => _taken[id].At) - due).TotalSeconds;
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{nodes} node(s), round {round}: {ids.Count} letters left in {seconds:0.0} s: {ids.Count / seconds:0} a second"));
            if (round > WarmUps) paces.Add(ids.Count / seconds);
        }
        await Task.Delay(Minute, cancel);
        return paces.Order().ElementAt(Rounds / 2);
    }

    private async Task<HashSet<Guid>> UnclearAsync(CancellationToken cancel) =>
        [.. (await _nodes.ListAsync("SELECT id::text FROM letter WHERE state = 'unclear'", cancel)).Select(Guid.Parse)];

    private async Task WriteAndWaitAsync(IReadOnlyList<EmailApp> apps, int each, CancellationToken cancel)
    {
        var ids = await WriteAsync(apps, each, cancel);
        await _nodes.NudgeAsync(cancel);
        await WaitAsync(ids, cancel);
    }

    /// <returns>Their ids.</returns>
    private async Task<List<Guid>> WriteAsync(IReadOnlyList<EmailApp> apps, int each, CancellationToken cancel, DateTimeOffset? notBefore = null)
    {
        var all = Enumerable.Repeat(apps, each).SelectMany(every => every).ToList();
        var ids = await _rows.WriteAsync(
            all, LetterLane.Ordinary, id => new SentMail(id, LetterLane.Ordinary, TimeProvider.System.GetUtcNow()).ToBytes(), cancel, notBefore);
        foreach (var (id, app) in ids.Zip(all)) _written[id] = app;
        return ids;
    }

    private async Task WaitAsync(List<Guid> ids, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Look();
            var missing = ids.Count(id => !_taken.ContainsKey(id));
            if (missing == 0) return;
            if (watch.Elapsed > LongestDrain) throw new DevFault($"{missing} of {ids.Count} letters have not left after {LongestDrain.TotalMinutes} minutes; logs are {_nodes.LogOf(A)} and {_nodes.LogOf(B)}");
            await Task.Delay(LookEvery, cancel);
        }
    }

    private void Look()
    {
        foreach (var mail in _book.TakenAfter(_read))
        {
            _read++;
            _taken[mail.Id] = _taken.TryGetValue(mail.Id, out var before) ? (before.Times + 1, before.At) : (1, mail.At);
        }
    }

    private async Task<List<EmailApp>> OwnedAsync(string node, CancellationToken cancel)
    {
        var ids = (await _nodes.ListAsync($"SELECT id::text FROM app WHERE node = '{node}'", cancel)).Select(Guid.Parse).ToHashSet();
        return [.. _apps.Where(app => ids.Contains(app.Id))];
    }

    private async Task<ClusterRecord> CountAsync(ClusterRecord seen, Dictionary<string, int> asked, CancellationToken cancel)
    {
        await ClusterNodes.WhenAsync(
            async () => (await _nodes.ListAsync("SELECT id::text FROM letter WHERE state NOT IN ('settled', 'unclear', 'dead')", cancel)).Count == 0, "Letters are still under way", cancel);
        await _log.ReadAsync(cancel);
        Look();
        var unclear = await UnclearAsync(cancel);
        var lost = _written.Keys.Where(id => !_taken.ContainsKey(id) && !unclear.Contains(id)).ToList();
        var twice = _taken.Where(mail => mail.Value.Times > 1).Select(mail => mail.Key).ToList();
        _notes.AddRange(lost.Select(id => $"lost: letter {id} of {_written[id].EmailId}"));
        _notes.AddRange(twice.Select(id => $"sent twice: letter {id} of {_written[id].EmailId}"));
        return seen with
        {
            Letters = _written.Count,
            MostInAMinute = _written.Where(letter => _taken.ContainsKey(letter.Key))
                .GroupBy(letter => letter.Value, letter => _taken[letter.Key].At).Max(MostInAMinute),
            MostTokenRequests = _apps.Max(app => Requests(app) - asked[app.ClientId]),
            Throttled = (int)_book.Report(anew: false).Throttled,
            Unclear = unclear.Count,
            UnclearTaken = unclear.Count(_taken.ContainsKey),
            Lost = lost.Count,
            Duplicated = twice.Count,
            Notes = _notes,
        };
    }

    private static int MostInAMinute(IEnumerable<DateTimeOffset> times)
    {
        var inOrder = times.Order().ToList();
        return inOrder.Select((from, first) => inOrder.Skip(first).TakeWhile(at => at < from.AddSeconds(60)).Count()).Max();
    }

    private int Requests(EmailApp app) => _log.Requests.GetValueOrDefault(app.ClientId)?.Count ?? 0;

    private Task SayAsync(string text)
    {
        _notes.Add(text);
        return _progress.WriteLineAsync(text);
    }
}
