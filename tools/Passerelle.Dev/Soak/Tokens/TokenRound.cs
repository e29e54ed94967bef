using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Passerelle.Dev.Run;
using Passerelle.Gateway.Events.Alarms;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Soak.Tokens;

/// <summary>
/// One directory, many apps, many days. Time jumps from one thing that happens to the next: a letter is written, one falls due, an
/// administrator does something. While anything is broken it goes in the steps of the workers' own timers.
/// </summary>
internal sealed class TokenRound : IAsyncDisposable
{
    private static readonly TimeSpan Watchful = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BusyPace = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan PersonActs = TimeSpan.FromHours(2);
    private static readonly TimeSpan Outage = TimeSpan.FromHours(2);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private const double MostPerLifetime = 1.2;

    /// <summary>Entra gives 60 to 90 minutes, evenly spread (facts/microsoft365.md §1.12).</summary>
    private static readonly TimeSpan MeanLifetime = TimeSpan.FromSeconds(4500);
    private readonly FakeTimeProvider _time;
    private readonly LabFixture _lab;
    private readonly AlarmEar _ear;
    private readonly TokenGateway _gateway;
    private readonly TokenDirectory _directory;
    private readonly LabLog _log;
    private readonly TextWriter _progress;
    private readonly PriorityQueue<Func<CancellationToken, Task>, DateTimeOffset> _plan = new();
    private readonly List<TokenApp> _apps = [];
    private readonly List<Break> _breaks = [];
    private readonly Dictionary<string, TokenApp> _written = [];
    private readonly List<string> _notes = [];
    private readonly Random _dice = new(20_261_128);

    private TokenRound(FakeTimeProvider time, LabFixture lab, AlarmEar ear, TokenGateway gateway, TextWriter progress)
    {
        (_time, _lab, _ear, _gateway, _progress) = (time, lab, ear, gateway, progress);
        _directory = new TokenDirectory(lab, gateway);
        _log = new LabLog(lab.Control, TokenDirectory.Lab);
    }

    public static async Task<TokenRound> OpenAsync(TextWriter progress, CancellationToken cancel)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()); // certificates are judged by the system's clock
        var lab = await LabFixture.StartAsync(time, null, cancel);
        var ear = await AlarmEar.StartAsync(time, cancel);
        return new TokenRound(time, lab, ear, await TokenGateway.StartAsync(time, lab.Endpoints, ear.Url, cancel), progress);
    }

    /// <exception cref="DevFault">The set-up, or a person's part in the middle, failed.</exception>
    public async Task<TokenRecord> RunAsync(int apps, int days, CancellationToken cancel)
    {
        await _directory.OpenAsync(cancel);
        for (var number = 0; number < apps; number++)
        {
            _apps.Add(await _directory.AddAsync(number, PaceOf(number, apps), cancel));
            if (number % 20 == 19) await _progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{number + 1} of {apps} apps authorised"));
            await _log.ReadAsync(cancel);
        }
        await _gateway.Get<AlarmSettings>().SaveAsync(_gateway.Organisation, TokenDirectory.Watcher, _ear.Url.ToString(), "en", cancel);
        var start = _time.GetUtcNow();
        var end = start.AddDays(days);
        Plan(start, end);
        await PassAsync(start, end, cancel);
        await DrainAsync(cancel);
        return await CountAsync(start, days, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _ear.DisposeAsync();
        await _lab.DisposeAsync();
    }

    /// <summary>A few apps use every token they get, half write some letters a day, the rest hardly any.</summary>
    private static TimeSpan PaceOf(int number, int apps) => number switch
    {
        < 4 => BusyPace,
        _ when number < apps / 2 => TimeSpan.FromHours(9),
        _ => TimeSpan.FromDays(8),
    };

    private void Plan(DateTimeOffset start, DateTimeOffset end)
    {
        foreach (var app in _apps) PlanLetter(app, start + app.Pace * _dice.NextDouble(), end);
        var length = end - start;
        _plan.Enqueue(cancel => _directory.RotateAsync(_apps[0], cancel), start + length * 0.10);
        PlanBreak("secret deleted", _apps[1], start + length * 0.20, _directory.DeleteSecretAsync, _directory.GiveSecretAsync);
        PlanBreak("password reset by an administrator", _apps[^1], start + length * 0.35, _directory.ResetPasswordAsync, _directory.AuthoriseAsync);
        PlanBreak("consent revoked", _apps[_apps.Count / 4], start + length * 0.50, _directory.RevokeConsentAsync, _directory.AuthoriseAsync);
        PlanOutage(start + length * 0.70);
    }

    private void PlanLetter(TokenApp app, DateTimeOffset at, DateTimeOffset end)
    {
        if (at >= end) return;
        _plan.Enqueue(
            async cancel =>
            {
                _written[await _gateway.WriteAsync(app, TokenDirectory.Customer, cancel)] = app;
                PlanLetter(app, at + app.Pace * (0.5 + _dice.NextDouble()), end);
            },
            at);
    }

    private void PlanBreak(
        string what, TokenApp app, DateTimeOffset at, Func<TokenApp, CancellationToken, Task> harm, Func<TokenApp, CancellationToken, Task> mend) =>
        _plan.Enqueue(
            async cancel =>
            {
                var broken = new Break(what, app, at);
                _breaks.Add(broken);
                await harm(app, cancel);
                PlanMending(broken, at, mend);
            },
            at);

    /// <summary>A person reads the alarm and acts two hours later; without an alarm nobody ever does.</summary>
    private void PlanMending(Break broken, DateTimeOffset look, Func<TokenApp, CancellationToken, Task> mend) =>
        _plan.Enqueue(
            async cancel =>
            {
                if (broken.CalledAt is not { } told || _time.GetUtcNow() < told + PersonActs)
                {
                    PlanMending(broken, look + Calm, mend);
                    return;
                }
                await mend(broken.App, cancel);
                broken.MendedAt = _time.GetUtcNow();
            },
            look + Calm);

    private void PlanOutage(DateTimeOffset at) => _plan.Enqueue(
        async cancel =>
        {
            var fault = await _directory.StopAuthorityAsync(cancel);
            _outage = (at, at + Outage);
            _plan.Enqueue(end => _directory.StartAuthorityAsync(fault, end), at + Outage);
        },
        at);

    private (DateTimeOffset From, DateTimeOffset To)? _outage;

    private async Task PassAsync(DateTimeOffset start, DateTimeOffset end, CancellationToken cancel)
    {
        var day = 0;
        while (_time.GetUtcNow() < end)
        {
            await TurnAsync(end, cancel);
            if ((int)(_time.GetUtcNow() - start).TotalDays <= day) continue;
            day = (int)(_time.GetUtcNow() - start).TotalDays;
            await _progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"day {day}: {_written.Count} letters written, {_log.Submitted.Count} taken by Exchange, {_log.Requests.Values.Sum(times => times.Count)} token requests, {_ear.Heard.Count} alarms heard"));
        }
    }

    private async Task TurnAsync(DateTimeOffset end, CancellationToken cancel)
    {
        var next = await NextAsync(end, cancel);
        if (next > _time.GetUtcNow()) _time.SetUtcNow(next);
        while (_plan.TryPeek(out var happens, out var at) && at <= _time.GetUtcNow())
        {
            _plan.Dequeue();
            await happens(cancel);
        }
        await _gateway.WorkAsync(cancel);
        await _log.ReadAsync(cancel);
        Watch();
    }

    private async Task<DateTimeOffset> NextAsync(DateTimeOffset end, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        var isOut = _outage is { } outage && now < outage.To + Calm;
        var step = now + (isOut || await _gateway.IsTroubledAsync(cancel) ? Watchful : Calm);
        var times = new List<DateTimeOffset> { step, end };
        if (_plan.TryPeek(out _, out var planned)) times.Add(planned);
        if (await _gateway.NextDueAsync(cancel) is { } due) times.Add(due);
        return times.Where(at => at > now).Min();
    }

    /// <summary>Puts what the other side said, and what was told, beside each break.</summary>
    private void Watch()
    {
        foreach (var broken in _breaks)
        {
            broken.VisibleAt ??= First(_log.Refusals.Where(refusal => refusal.At >= broken.At
                && (refusal.Who.Equals(broken.App.ClientId.ToString(), StringComparison.OrdinalIgnoreCase) || refusal.Who == broken.App.Mailbox)).Select(refusal => refusal.At));
            broken.CalledAt ??= First(_ear.Heard.Where(heard => heard.Type == "passerelle.alarm.raised" && heard.Mailbox == broken.App.Mailbox && heard.At >= broken.At).Select(heard => heard.At));
            if (broken.CalledAt is { } called) broken.MailedAt ??= First(_log.Submitted.Where(mail => !_written.ContainsKey(mail.Key) && mail.Value.At >= called - Soon).Select(mail => mail.Value.At));
        }
    }

    private static DateTimeOffset? First(IEnumerable<DateTimeOffset> times) => times.Order().Cast<DateTimeOffset?>().FirstOrDefault();

    /// <summary>Whatever still waits may go; what does not within a day never will.</summary>
    private async Task DrainAsync(CancellationToken cancel)
    {
        var end = _time.GetUtcNow().AddDays(1);
        while (_time.GetUtcNow() < end && (_written.Keys.Any(id => !_log.Submitted.ContainsKey(id)) || _breaks.Any(broken => broken.MendedAt is null))) await TurnAsync(end, cancel);
    }

    private async Task<TokenRecord> CountAsync(DateTimeOffset start, int days, CancellationToken cancel)
    {
        var letters = await _gateway.LettersAsync(cancel);
        var lost = _written.Keys.Where(id => !_log.Submitted.ContainsKey(id)).ToList();
        var twice = _log.Submitted.Where(mail => mail.Value.Times > 1).Select(mail => mail.Key).ToList();
        _notes.AddRange(lost.Select(id => $"lost: a letter of {_written[id].Mailbox} is {letters.GetValueOrDefault(id, "nowhere")}"));
        _notes.AddRange(twice.Select(id => $"sent twice: {id}"));
        var late = _breaks.Where(broken => !IsTold(broken)).ToList();
        var ratios = _apps.Select(app => (App: app, Ratio: PerLifetime(app, start))).ToList();
        var greedy = ratios.Where(one => one.Ratio > MostPerLifetime).ToList();
        _notes.AddRange(_breaks.Select(Tell));
        _notes.AddRange(greedy.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.App.Mailbox} asked {one.Ratio:0.00} times a token lifetime")));
        _notes.Add(Storm());
        return new TokenRecord
        {
            At = TimeProvider.System.GetUtcNow(),
            Apps = _apps.Count,
            Days = days,
            Letters = _written.Count,
            Requests = _log.Requests.Values.Sum(times => times.Count),
            MostPerLifetime = ratios.Max(one => one.Ratio),
            Lost = lost.Count,
            Duplicated = twice.Count,
            Hangs = late.Count + greedy.Count + (_breaks.Count == 3 ? 0 : 1),
            Notes = _notes,
        };
    }

    /// <summary>
    /// Requests of an app for each lifetime of a token that passed, while there was an authority to ask and a grant that worked: where there
    /// is no token there is no lifetime, and what was tried then stands in the notes.
    /// </summary>
    private double PerLifetime(TokenApp app, DateTimeOffset start)
    {
        var end = _time.GetUtcNow();
        var without = _breaks.Where(broken => broken.App == app && broken.VisibleAt is not null).Select(broken => (From: broken.At, To: broken.MendedAt ?? end))
            .Concat(_outage is { } outage ? [(outage.From, outage.To)] : Array.Empty<(DateTimeOffset From, DateTimeOffset To)>()).ToList();
        var asked = Requests(app).Count(at => at >= start && !without.Any(span => at >= span.From && at <= span.To));
        var lived = end - start - without.Aggregate(TimeSpan.Zero, (sum, span) => sum + (span.To - span.From));
        return asked / (lived / MeanLifetime);
    }

    private List<DateTimeOffset> Requests(TokenApp app) => _log.Requests.GetValueOrDefault(app.ClientId.ToString()) ?? [];

    /// <summary>By webhook and by mail within a simulated minute of the first answer that said so, and mended since.</summary>
    private static bool IsTold(Break broken) =>
        broken is { VisibleAt: { } visible, CalledAt: { } called, MailedAt: { } mailed, MendedAt: not null } && called - visible <= Soon && mailed - visible <= Soon;

    private string Tell(Break broken) => string.Create(
        CultureInfo.InvariantCulture,
        $"{broken.What} ({broken.App.Mailbox}): visible after {Hours(broken.VisibleAt - broken.At)}, webhook {Seconds(broken.CalledAt - broken.VisibleAt)} and mail {Seconds(broken.MailedAt - broken.VisibleAt)} later, mended after {Hours(broken.MendedAt - broken.At)}, {Requests(broken.App).Count(at => at >= broken.At && at <= broken.MendedAt)} token requests meanwhile");

    private string Storm() => _outage is { } outage
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"outage of {Outage.TotalHours:0} h: {All(outage.From, outage.To)} token requests while it lasted, {All(outage.To, outage.To + Soon)} in the minute after it, of {_apps.Count} apps")
        : "there was no outage";

    private int All(DateTimeOffset from, DateTimeOffset to) => _log.Requests.Values.Sum(times => times.Count(at => at >= from && at < to));

    private static string Hours(TimeSpan? span) => span is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h") : "never";

    private static string Seconds(TimeSpan? span) => span is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s") : "never";
}
