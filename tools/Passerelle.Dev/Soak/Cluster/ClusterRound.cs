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
    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(5);
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

    private ClusterRound(ThrowAwayPostgres postgres, LabFixture lab, TokenGateway hand, string database, TextWriter progress)
    {
        (_postgres, _lab, _hand, _progress) = (postgres, lab, hand, progress);
        _directory = new TokenDirectory(lab, hand);
        _log = new LabLog(lab.Control, TokenDirectory.Lab);
        _nodes = new ClusterNodes(
            _root, database, hand.KeyFile, MicrosoftSide.Of(lab.Endpoints),
            [FormattableString.Invariant($"--Sending:MessagesPerMinute={PerMinute}"), "--Queue:FirstRetrySeconds=1", "--Queue:LongestRetrySeconds=3", "--Logging:LogLevel:Default=Warning"]);
    }

    public static async Task<ClusterRound> OpenAsync(TextWriter progress, CancellationToken cancel)
    {
        var postgres = await ThrowAwayPostgres.StartAsync();
        var database = await postgres.NewDatabaseAsync();
        var lab = await LabFixture.StartAsync(cancel);
        var hand = await TokenGateway.StartAsync(TimeProvider.System, lab.Endpoints, new Uri("http://127.0.0.1:1/"), cancel, $"--Store:Postgres={database}");
        return new ClusterRound(postgres, lab, hand, database, progress);
    }

    /// <param name="measured">Letters of each app for the comparison of one node with two; 0: it is not measured.</param>
    /// <exception cref="DevFault">The set-up failed, or something never came to an end.</exception>
    public async Task<ClusterRecord> RunAsync(int apps, int measured, CancellationToken cancel)
    {
        await ConnectAsync(apps, cancel);
        var asked = _apps.ToDictionary(app => app, Requests);
        await _nodes.StartAsync(A, cancel);
        await _nodes.StartAsync(B, cancel);
        await WriteAndWaitAsync(_apps, 1, cancel);
        int[] owned = [(await OwnedAsync(A, cancel)).Count, (await OwnedAsync(B, cancel)).Count];
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{A} owns {owned[0]} apps, {B} {owned[1]}"));
        double? two = measured > 0 ? await PaceAsync(measured, cancel) : null;

        var killed = await StrikeAsync(A, () => _nodes.KillAsync(A), cancel);
        double? one = measured > 0 ? await PaceAsync(measured, cancel) : null;
        await _nodes.StartAsync(A, cancel);

        var stopped = await StrikeAsync(B, () => Task.Run(_nodes[B].Freeze, cancel), cancel);
        _nodes[B].Thaw();
        var code = await _nodes.WhenEndedAsync(B, cancel);
        await SayAsync($"{B} woke, found that it had been taken for dead, and ended with {code}");
        await _nodes.StartAsync(B, cancel); // as a supervisor would
        await WriteAndWaitAsync(_apps, 1, cancel);
        return await CountAsync(killed, stopped, code, owned, one, two, asked, cancel);
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
    private async Task<double> StrikeAsync(string node, Func<Task> strike, CancellationToken cancel)
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
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{node} struck: its {owned.Count} apps are served after {watch.Elapsed.TotalSeconds:0.0} s"));
        return watch.Elapsed.TotalSeconds;
    }

    private async Task<double> PaceAsync(int letters, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromMinutes(1), cancel); // the budgets of the minute before are spent
        var ids = await WriteAsync(_apps, letters, cancel);
        var watch = Stopwatch.StartNew();
        await _nodes.NudgeAsync(cancel);
        await WaitAsync(ids, cancel);
        var pace = ids.Count / watch.Elapsed.TotalSeconds;
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{ids.Count} letters left in {watch.Elapsed.TotalSeconds:0.0} s: {pace:0} a second"));
        await Task.Delay(TimeSpan.FromMinutes(1), cancel);
        return pace;
    }

    private async Task WriteAndWaitAsync(IReadOnlyList<TokenApp> apps, int each, CancellationToken cancel)
    {
        var ids = await WriteAsync(apps, each, cancel);
        await _nodes.NudgeAsync(cancel);
        await WaitAsync(ids, cancel);
    }

    /// <returns>Their Message-IDs.</returns>
    private async Task<List<string>> WriteAsync(IReadOnlyList<TokenApp> apps, int each, CancellationToken cancel)
    {
        var ids = new List<string>();
        await Parallel.ForEachAsync(
            Enumerable.Repeat(apps, each).SelectMany(all => all), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel },
            async (app, _) =>
            {
                var id = await _hand.WriteAsync(app, TokenDirectory.Customer, cancel);
                lock (_written)
                {
                    _written[id] = app;
                    ids.Add(id);
                }
            });
        return ids;
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

    private async Task<ClusterRecord> CountAsync(
        double killed, double stopped, int code, IReadOnlyList<int> owned, double? one, double? two, Dictionary<TokenApp, int> asked, CancellationToken cancel)
    {
        await ClusterNodes.WhenAsync(
            async () => (await _hand.LettersAsync(cancel)).Values.All(state => state is "Settled" or "Unclear" or "Dead"), "Letters are still under way", cancel);
        await _log.ReadAsync(cancel);
        var letters = await _hand.LettersAsync(cancel);
        var lost = _written.Keys.Where(id => !_log.Submitted.ContainsKey(id) && letters.GetValueOrDefault(id) != "Unclear").ToList();
        var twice = _log.Submitted.Where(mail => mail.Value.Times > 1).Select(mail => mail.Key).ToList();
        _notes.AddRange(lost.Select(id => $"lost: a letter of {_written[id].Mailbox} is {letters.GetValueOrDefault(id, "nowhere")}"));
        _notes.AddRange(twice.Select(id => $"sent twice: {id}"));
        return new ClusterRecord
        {
            At = TimeProvider.System.GetUtcNow(),
            Apps = _apps.Count,
            Letters = _written.Count,
            Owned = owned,
            KillSeconds = killed,
            StopSeconds = stopped,
            ExitCode = code,
            OneNode = one,
            TwoNodes = two,
            MostInAMinute = _written.Where(letter => _log.Submitted.ContainsKey(letter.Key))
                .GroupBy(letter => letter.Value, letter => _log.Submitted[letter.Key].At).Max(MostInAMinute),
            MostTokenRequests = _apps.Max(app => Requests(app) - asked[app]),
            Throttled = _log.Throttled,
            Unclear = letters.Values.Count(state => state == "Unclear"),
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
