using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Sending.Budgets;

/// <summary>One app, for people: what it may, what it has used of it, and when its last letter leaves.</summary>
/// <param name="Said">What an admin said; null: the preset holds.</param>
/// <param name="Learned">The server's newest words that ask for less; empty: none.</param>
internal sealed record AppBudget(EmailApp App, BudgetLimits Limits, SaidLimit? Said, long Minute, IReadOnlyList<HourCount> Day, Waiting Waiting, string Learned)
{
    public long Today => Day.Sum(hour => hour.Recipients);

    public double RecipientsEach => Waiting.Letters == 0 ? 1 : Math.Max(1, (double)Waiting.Recipients / Waiting.Letters);

    public DateTimeOffset? LastLeavesAt(DateTimeOffset now) => Forecast.LastLeavesAt(Waiting.Due, RecipientsEach, Limits, Day, now);
}

/// <param name="External">Recipients outside, of all its apps, within 24 hours.</param>
/// <param name="Limit">Null: nobody knows one.</param>
internal sealed record DirectorySum(string Directory, int Apps, long External, int? Limit, SaidLimit? Said);

/// <summary>What every app may send and has sent: for its sender, and for people.</summary>
internal sealed class SendingBudgets(IStore store, IOptions<SendingOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid, string), DirectoryUse> _directories = new();

    /// <summary>Counted from the attempt rows; from then on the sender counts by itself.</summary>
    /// <param name="started">Of the last minute.</param>
    public async Task<SendingBudget> OpenAsync(Guid organisationId, Guid appId, IReadOnlyList<DateTimeOffset> started, CancellationToken cancel)
    {
        var (app, limits, day) = await store.ReadAsync(
            tx =>
            {
                var app = AppRows.Find(tx, organisationId, appId);
                return (app, LimitsOf(tx, organisationId, app, appId), BudgetRows.Spent(tx, organisationId, appId, "", time.GetUtcNow()));
            },
            cancel);
        var directory = app is { DirectoryId.Length: > 0 } ? new DirectoryBudget(await DirectoryAsync(app, cancel), DomainOf(app)) : null;
        return new SendingBudget(limits, started, new DayUse(day, time), directory, time);
    }

    /// <summary>Reads again what was said, of the app and of its directory.</summary>
    public async Task<BudgetLimits> RefreshAsync(Guid organisationId, Guid appId, CancellationToken cancel) => await store.ReadAsync(
        tx =>
        {
            var app = AppRows.Find(tx, organisationId, appId);
            if (app is not null && _directories.TryGetValue((organisationId, Subject(app)), out var use)) use.Limit = LimitOf(BudgetRows.Find(tx, organisationId, SaidLimit.Directory, Subject(app)));
            return LimitsOf(tx, organisationId, app, appId);
        },
        cancel);

    /// <summary>Apps that may send, newest first.</summary>
    public Task<List<AppBudget>> ListAsync(Guid organisationId, Guid? before, int atMost, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var said = BudgetRows.List(tx, organisationId).Where(one => one.Scope == SaidLimit.App).ToDictionary(one => one.Subject);
            return AppRows.List(tx, organisationId, before, atMost).Where(app => app.State is not AppState.Draft).Select(app => Of(tx, app, said.GetValueOrDefault(app.Id.ToString()))).ToList();
        },
        cancel);

    /// <summary>Every directory that has an app.</summary>
    public Task<List<DirectorySum>> DirectoriesAsync(Guid organisationId, CancellationToken cancel) => store.ReadAsync(
        tx =>
        {
            var said = BudgetRows.List(tx, organisationId).Where(one => one.Scope == SaidLimit.Directory).ToDictionary(one => one.Subject);
            return AppRows.List(tx, organisationId).Where(app => app is { State: not AppState.Draft, DirectoryId.Length: > 0 }).GroupBy(Subject).Select(apps => new DirectorySum(
                apps.Key,
                apps.Count(),
                apps.Sum(app => External(tx, app).Sum(hour => hour.Recipients)),
                LimitOf(said.GetValueOrDefault(apps.Key)),
                said.GetValueOrDefault(apps.Key))).ToList();
        },
        cancel);

    /// <param name="record">Writes the audit's entry in the same transaction.</param>
    /// <returns>False: that is no limit, or the organisation has no such app or directory. Nothing was written.</returns>
    public async Task<bool> SayAsync(Guid organisationId, SaidLimit said, Guid? personId, Action<Tx, SaidLimit?> record, CancellationToken cancel) =>
        said.IsPossible && await store.WriteAsync(
            Lane.Work,
            tx =>
            {
                if (!AppRows.List(tx, organisationId).Any(app => said.Scope == SaidLimit.App ? app.Id.ToString() == said.Subject : Subject(app) == said.Subject)) return false;
                var before = BudgetRows.Find(tx, organisationId, said.Scope, said.Subject);
                BudgetRows.Put(tx, organisationId, said, personId, time.GetUtcNow());
                record(tx, before);
                return true;
            },
            cancel);

    private AppBudget Of(Tx tx, EmailApp app, SaidLimit? said)
    {
        var now = time.GetUtcNow();
        var refusal = BudgetRows.LastRefusal(tx, app.OrganisationId, app.Id, now - LearnedLimits.Longest);
        return new AppBudget(
            app,
            BudgetLimits.Of(app.Preset, options.Value, said),
            said,
            BudgetRows.StartedSince(tx, app.OrganisationId, app.Id, now.AddMinutes(-1)),
            BudgetRows.Spent(tx, app.OrganisationId, app.Id, "", now),
            BudgetRows.Waiting(tx, app.OrganisationId, app.Id, now),
            LearnedLimits.IsLimit(refusal) ? refusal : "");
    }

    private BudgetLimits LimitsOf(Tx tx, Guid organisationId, EmailApp? app, Guid appId) =>
        BudgetLimits.Of(app?.Preset ?? "", options.Value, BudgetRows.Find(tx, organisationId, SaidLimit.App, appId.ToString()));

    /// <summary>Counts again what each directory has spent: its apps may be served by several nodes, each of which counts only its own meanwhile.</summary>
    public async Task RecountAsync(CancellationToken cancel)
    {
        foreach (var ((organisationId, subject), use) in _directories)
            use.Day = new DayUse(await store.ReadAsync(tx => External(tx, organisationId, subject), cancel), time);
    }

    private async Task<DirectoryUse> DirectoryAsync(EmailApp app, CancellationToken cancel)
    {
        var key = (app.OrganisationId, Subject(app));
        if (_directories.TryGetValue(key, out var known)) return known;
        var (spent, limit) = await store.ReadAsync(
            tx => (External(tx, app.OrganisationId, key.Item2), LimitOf(BudgetRows.Find(tx, app.OrganisationId, SaidLimit.Directory, key.Item2))), cancel);
        return _directories.GetOrAdd(key, new DirectoryUse(new DayUse(spent, time)) { Limit = limit });
    }

    private List<HourCount> External(Tx tx, Guid organisationId, string subject) =>
        [.. AppRows.List(tx, organisationId).Where(app => Subject(app) == subject).SelectMany(app => External(tx, app)).OrderBy(hour => hour.At)];

    private List<HourCount> External(Tx tx, EmailApp app) => BudgetRows.Spent(tx, app.OrganisationId, app.Id, $"@{DomainOf(app)}", time.GetUtcNow());

    /// <summary>It grows with the directory's licences, which we do not see: mail is held back only for what an admin says.</summary>
    private static int? LimitOf(SaidLimit? said) => (int?)said?.RecipientsPerDay;

    private static string Subject(EmailApp app) => app.DirectoryId.ToLowerInvariant();

    private static string DomainOf(EmailApp app) => app.EmailId[(app.EmailId.LastIndexOf('@') + 1)..];
}
