using System.Diagnostics;
using System.Globalization;
using Passerelle.Dev.Run;
using Passerelle.Dev.Soak.Tokens;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Cluster;

/// <summary>
/// Two nodes on one PostgreSQL, and apps of a lab that each hold a token that has just ended. Letters are written all the while; one
/// node is killed, the other frozen and woken. Then what Exchange saw is counted.
/// </summary>
internal sealed class ClusterRound : IAsyncDisposable
{
    public const int PerMinute = 30;
    private const string A = "mail-a";
    private const string B = "mail-b";
    private const int AtATime = 8;
    private const int Rounds = 3;

    /// <summary>Of each app at most: the round that warms up and those that count fit into a mailbox's minute.</summary>
    private const int MostARound = PerMinute / (Rounds + 1);

    /// <summary>Of all apps: enough to measure, and few enough to be written in their time.</summary>
    private const int LettersARound = 3000;
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(61);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private readonly string _root = Directory.CreateTempSubdirectory("passerelle-soak-cluster-").FullName;
    private readonly ThrowAwayPostgres _postgres;
    private readonly LabFixture _lab;
    private readonly TokenGateway _hand;
    private readonly TokenDirectory _directory;
    private readonly LabLog _log;
    private readonly ClusterNodes _nodes;
    private readonly TextWriter _progress;
    private readonly List<TokenApp> _apps = [];
    private readonly Dictionary<string, TokenApp> _written = [];
    private readonly List<string> _notes = [];

    private ClusterRound(ThrowAwayPostgres postgres, LabFixture lab, TokenGateway hand, string database, bool isInstalled, TextWriter progress)
    {
        (_postgres, _lab, _hand, _progress) = (postgres, lab, hand, progress);
        _directory = new TokenDirectory(lab, hand);
        _log = new LabLog(lab.Control, TokenDirectory.Lab);
        _nodes = new ClusterNodes(
            _root, database, hand.KeyFile, MicrosoftSide.Of(lab.Endpoints), isInstalled,
            [FormattableString.Invariant($"--Sending:MessagesPerMinute={PerMinute}"), "--Queue:FirstRetrySeconds=1", "--Queue:LongestRetrySeconds=3", "--Logging:LogLevel:Default=Warning"]);
    }

    /// <param name="isInstalled">The Release build, which tools/soak.sh makes.</param>
    public static async Task<ClusterRound> OpenAsync(bool isInstalled, TextWriter progress, CancellationToken cancel)
    {
        var postgres = await ThrowAwayPostgres.StartAsync();
        var database = await postgres.NewDatabaseAsync();
        var lab = await LabFixture.StartAsync(cancel);
        var hand = await TokenGateway.StartAsync(TimeProvider.System, lab.Endpoints, new Uri("http://127.0.0.1:1/"), cancel, $"--Store:Postgres={database}");
        return new ClusterRound(postgres, lab, hand, database, isInstalled, progress);
    }

    /// <param name="isMeasured">How fast one node is and how fast two are; takes four minutes.</param>
    /// <exception cref="DevFault">The set-up failed, or something never came to an end.</exception>
    public async Task<ClusterRecord> RunAsync(int apps, bool isMeasured, CancellationToken cancel)
    {
        await ConnectAsync(apps, cancel);
        var asked = _apps.ToDictionary(app => app, Requests);
        await _nodes.StartAsync(A, cancel);
        await _nodes.StartAsync(B, cancel);
        await WriteAndWaitAsync(_apps, 1, cancel);
        int[] owned = [(await OwnedAsync(A, cancel)).Count, (await OwnedAsync(B, cancel)).Count];
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{A} owns {owned[0]} apps, {B} {owned[1]}"));

        var leaving = Task.CompletedTask;
        var left = await StrikeAsync(A, "SIGTERM", () => Task.FromResult(leaving = _nodes.StopAsync(A)), cancel);
        await leaving;
        var shared = await ComeBackAsync(A, cancel);
        var byOrder = await UnclearAsync(cancel);
        double? two = isMeasured ? await PaceAsync(2, cancel) : null;

        var killed = await StrikeAsync(A, "kill -9", () => _nodes.KillAsync(A), cancel);
        double? one = isMeasured ? await PaceAsync(1, cancel) : null;
        await ComeBackAsync(A, cancel);

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
                KillSeconds = killed,
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
        await _hand.DisposeAsync();
        await _lab.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Each app is authorised as a person does it; then its token ends, so that the cluster has to renew each once.</summary>
    private async Task ConnectAsync(int apps, CancellationToken cancel)
    {
        await _directory.OpenAsync(cancel);
        for (var number = 0; number < apps; number++)
        {
            _apps.Add(await _directory.AddAsync(number, TimeSpan.Zero, cancel));
            if (number % 20 == 19) await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{number + 1} of {apps} apps authorised"));
            await _log.ReadAsync(cancel);
        }
        await _nodes.ListAsync("UPDATE oauth_grant SET access_expires_at = 0 RETURNING state", cancel);
    }

    /// <summary>Letters are on their way when it happens, and more are written after it to all that the node owned.</summary>
    /// <returns>Seconds until the last of those was taken by Exchange.</returns>
    private async Task<double> StrikeAsync(string node, string name, Func<Task> strike, CancellationToken cancel)
    {
        var owned = await OwnedAsync(node, cancel);
        if (owned.Count == 0) throw new DevFault($"{node} owns nothing: there is nothing to see");
        await WriteAsync(owned, 1, cancel);
        await _nodes.NudgeAsync(cancel);
        await Task.Delay(LookEvery, cancel); // some are being handed over
        var watch = Stopwatch.StartNew();
        await strike();
        var after = await WriteAsync(owned, 1, cancel);
        await _nodes.NudgeAsync(cancel);
        await WaitAsync(after, cancel);
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{node}, {name}: its {owned.Count} apps are served after {watch.Elapsed.TotalSeconds:0.0} s"));
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Starts a node that had left, while letters are on their way.</summary>
    /// <returns>Seconds until the other one had given it its share.</returns>
    private async Task<double> ComeBackAsync(string node, CancellationToken cancel)
    {
        await _nodes.StartAsync(node, cancel);
        var watch = Stopwatch.StartNew();
        var underWay = await WriteAsync(_apps, 2, cancel);
        await _nodes.NudgeAsync(cancel);
        await WhileReadingAsync(
            ClusterNodes.WhenAsync(
                async () => (await OwnedAsync(node, cancel)).Count >= _apps.Count / 3, $"{node} came back and gets no share; see {_nodes.LogOf(A)} and {_nodes.LogOf(B)}", cancel),
            cancel);
        var seconds = watch.Elapsed.TotalSeconds;
        await WaitAsync(underWay, cancel);
        await WriteAndWaitAsync(_apps, 1, cancel);
        var owned = (await OwnedAsync(node, cancel)).Count;
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{node} came back: after {seconds:0.0} s it had its share, and owns {owned} apps"));
        return seconds;
    }

    /// <summary>All letters fall due at one moment; one round that does not count warms the nodes up.</summary>
    /// <returns>Letters that Exchange took in a second, from that moment to the last one; the median round.</returns>
    private async Task<double> PaceAsync(int nodes, CancellationToken cancel)
    {
        var paces = new List<double>();
        await WhileReadingAsync(Task.Delay(Minute, cancel), cancel); // the budgets of the minute before are spent
        var each = Math.Clamp(LettersARound / _apps.Count, 1, MostARound);
        for (var round = 0; round <= Rounds; round++)
        {
            var due = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3 + _apps.Count * each / 150.0);
            var ids = await WriteAsync(_apps, each, cancel, due);
            if (TimeProvider.System.GetUtcNow() > due) throw new DevFault("The letters were due before they were written: measure on a calm machine");
            await WaitAsync(ids, cancel);
            var seconds = (ids.Max(id => _log.Submitted[id].At) - due).TotalSeconds;
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{nodes} node(s), round {round}: {ids.Count} letters left in {seconds:0.0} s: {ids.Count / seconds:0} a second"));
            if (round > 0) paces.Add(ids.Count / seconds);
        }
        await WhileReadingAsync(Task.Delay(Minute, cancel), cancel);
        return paces.Order().ElementAt(Rounds / 2);
    }

    private async Task<int> UnclearAsync(CancellationToken cancel) => (await _hand.LettersAsync(cancel)).Values.Count(state => state == "Unclear");

    private async Task WriteAndWaitAsync(IReadOnlyList<TokenApp> apps, int each, CancellationToken cancel)
    {
        var ids = await WriteAsync(apps, each, cancel);
        await _nodes.NudgeAsync(cancel);
        await WaitAsync(ids, cancel);
    }

    /// <returns>Their Message-IDs.</returns>
    private async Task<List<string>> WriteAsync(IReadOnlyList<TokenApp> apps, int each, CancellationToken cancel, DateTimeOffset? notBefore = null)
    {
        var ids = new List<string>();
        var writing = Parallel.ForEachAsync(
            Enumerable.Repeat(apps, each).SelectMany(all => all), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel },
            async (app, _) =>
            {
                var id = await _hand.WriteAsync(app, TokenDirectory.Customer, cancel, notBefore);
                lock (_written)
                {
                    _written[id] = app;
                    ids.Add(id);
                }
            });
        await WhileReadingAsync(writing, cancel);
        return ids;
    }

    /// <summary>The lab's log forgets what is old: it is read while something else goes on.</summary>
    private async Task WhileReadingAsync(Task work, CancellationToken cancel)
    {
        while (!work.IsCompleted)
        {
            await _log.ReadAsync(cancel);
            await Task.WhenAny(work, Task.Delay(LookEvery, cancel));
        }
        await work;
    }

    private async Task WaitAsync(List<string> ids, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await _log.ReadAsync(cancel);
            var missing = ids.Count(id => !_log.Submitted.ContainsKey(id));
            if (missing == 0) return;
            if (watch.Elapsed > LongestDrain) throw new DevFault($"{missing} of {ids.Count} letters have not left after {LongestDrain.TotalMinutes} minutes; logs are {_nodes.LogOf(A)} and {_nodes.LogOf(B)}");
            await Task.Delay(LookEvery, cancel);
        }
    }

    private async Task<List<TokenApp>> OwnedAsync(string node, CancellationToken cancel)
    {
        var ids = (await _nodes.ListAsync($"SELECT id::text FROM app WHERE node = '{node}'", cancel)).Select(Guid.Parse).ToHashSet();
        return [.. _apps.Where(app => ids.Contains(app.Id))];
    }

    private async Task<ClusterRecord> CountAsync(ClusterRecord seen, Dictionary<TokenApp, int> asked, CancellationToken cancel)
    {
        await ClusterNodes.WhenAsync(
            async () => (await _hand.LettersAsync(cancel)).Values.All(state => state is "Settled" or "Unclear" or "Dead"), "Letters are still under way", cancel);
        await _log.ReadAsync(cancel);
        var letters = await _hand.LettersAsync(cancel);
        var lost = _written.Keys.Where(id => !_log.Submitted.ContainsKey(id) && letters.GetValueOrDefault(id) != "Unclear").ToList();
        var twice = _log.Submitted.Where(mail => mail.Value.Times > 1).Select(mail => mail.Key).ToList();
        var unclear = letters.Where(letter => letter.Value == "Unclear").Select(letter => letter.Key).ToList();
        _notes.AddRange(lost.Select(id => $"lost: a letter of {_written[id].Mailbox} is {letters.GetValueOrDefault(id, "nowhere")}"));
        _notes.AddRange(twice.Select(id => $"sent twice: {id}"));
        return seen with
        {
            Letters = _written.Count,
            MostInAMinute = _written.Where(letter => _log.Submitted.ContainsKey(letter.Key))
                .GroupBy(letter => letter.Value, letter => _log.Submitted[letter.Key].At).Max(MostInAMinute),
            MostTokenRequests = _apps.Max(app => Requests(app) - asked[app]),
            Throttled = _log.Throttled,
            Unclear = unclear.Count,
            UnclearTaken = unclear.Count(_log.Submitted.ContainsKey),
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

    private int Requests(TokenApp app) => _log.Requests.GetValueOrDefault(app.ClientId.ToString())?.Count ?? 0;

    private Task SayAsync(string text)
    {
        _notes.Add(text);
        return _progress.WriteLineAsync(text);
    }
}
