using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Polling.Doubts;

/// <summary>
/// Looks for the copies of letters in doubt, soon at first and then ever more seldom for a day. When it looked is not kept: after a
/// restart it looks once more.
/// </summary>
internal sealed class DoubtWorker(
    IStore store, SentItems sentItems, LetterActions letters, IOptions<PollingOptions> options, TimeProvider time, ILogger<DoubtWorker> log) : BackgroundService
{
    private const int MostLetters = 1000;
    private const int MostOfAnApp = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _notBefore = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping
        }
    }

    /// <summary>What a new process knows.</summary>
    internal void Forget() => _notBefore.Clear();

    /// <summary>One round.</summary>
    internal async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            var doubtful = await store.ReadAsync(tx => DoubtRows.List(tx, now - Longest, MostLetters), cancel);
            foreach (var gone in _notBefore.Keys.Except(doubtful.Select(letter => letter.Id))) _notBefore.TryRemove(gone, out _);
            var due = doubtful.Where(letter => _notBefore.GetValueOrDefault(letter.Id) <= now).GroupBy(letter => (letter.OrganisationId, letter.AppId));
            await Parallel.ForEachAsync(
                due, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallel, CancellationToken = cancel },
                async (ofApp, stop) => await LookAsync(ofApp.Key.OrganisationId, ofApp.Key.AppId, [.. ofApp.Take(MostOfAnApp)], now, stop));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.DoubtFault(fault);
        }
    }

    private async Task LookAsync(Guid organisationId, Guid appId, IReadOnlyList<DoubtfulLetter> doubtful, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var letter in doubtful) _notBefore[letter.Id] = now + Clamp((now - letter.Since) / 2);
        var (app, later) = await store.ReadAsync(
            tx => (AppRows.Find(tx, organisationId, appId), doubtful.ToDictionary(letter => letter.Id, letter => DoubtRows.Later(tx, letter))), cancel);
        if (app is null) return;
        var ids = doubtful.Select(letter => letter.InternetId).Concat(later.Values.SelectMany(some => some)).ToHashSet();
        if (await sentItems.LookAsync(app, ids, cancel) is not { } sighting) return;
        foreach (var letter in doubtful)
        {
            var judged = DoubtJudgement.Of(
                sighting, letter.InternetId, later[letter.Id], app.UnclearLetters, now - letter.Since, TimeSpan.FromMinutes(options.Value.SentItemsMinutes));
            await EndAsync(letter, judged, Words(sighting));
        }
    }

    private async Task EndAsync(DoubtfulLetter letter, DoubtJudgement judged, string words)
    {
        var evidence = words.Length == 0 ? judged.Why.English : $"{judged.Why.English}\n{words}";
        switch (judged.End)
        {
            case DoubtEnd.Left:
                await letters.ResolveAsLeftAsync(letter.OrganisationId, letter.Id, evidence, CancellationToken.None);
                break;
            case DoubtEnd.Again:
                await letters.ResolveAsNotLeftAsync(letter.OrganisationId, letter.Id, evidence, CancellationToken.None);
                break;
            case DoubtEnd.Open when evidence != letter.Evidence:
                await store.WriteAsync(Lane.Work, tx => DoubtRows.Note(tx, letter, evidence), CancellationToken.None);
                break;
        }
        if (evidence != letter.Evidence) log.Looked(letter.Id, judged.End);
    }

    private static string Words(Sighting sighting) => sighting switch
    {
        Sighting.Closed closed => closed.Words,
        Sighting.Later later => later.Words,
        _ => "",
    };

    private static TimeSpan Clamp(TimeSpan pause) => pause < Soonest ? Soonest : pause > Latest ? Latest : pause;
}
