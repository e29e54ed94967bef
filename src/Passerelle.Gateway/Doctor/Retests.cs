using Passerelle.Gateway.Apps;
using Passerelle.Gateway.Queue;
using Passerelle.Gateway.Store;

namespace Passerelle.Gateway.Doctor;

/// <summary>A change of SMTP AUTH or forwarding may take an hour to act: what was red because of them is looked at again.</summary>
internal sealed class Retests(IStore store, Examination examination, Signals signals, TimeProvider time, ILogger<Retests> log)
    : BackgroundService
{
    private const int MostApps = 10;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Nobody may have mended it after a day: then a person asks again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static bool MayMendItself(Finding finding) =>
        finding is { Result: Finding.Wrong, SetupStep: "X2" or "X3" or "F1" or "F3" };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var red in await RedAsync(stoppingToken)) await TestAsync(red, stoppingToken);
            }
            catch (Exception failure) when (failure is StoreUnavailable or TimeoutException)
            {
                log.RetestsPutOff(failure.Message);
            }
        }
    }

    private async Task TestAsync(Red red, CancellationToken cancel)
    {
        await examination.ExamineAsync(red.OrganisationId, red.AppId, thorough: false, cancel);
        signals.Views.Raise();
    }

    private Task<List<Red>> RedAsync(CancellationToken cancel) => store.ReadAsync(
        tx => tx.Across("looks for red findings of every organisation").List<Red>(
            """
            SELECT DISTINCT f.organisation_id, f.app_id FROM finding f -- across: retests
            JOIN app a ON a.organisation_id = f.organisation_id AND a.id = f.app_id
            WHERE f.result = 'wrong' AND f.setup_step IN ('X2', 'X3', 'F1', 'F3') AND f.since > @oldest
            LIMIT @MostApps
            """,
            new { oldest = time.GetUtcNow() - Longest, MostApps }),
        cancel);

    private sealed record Red
    {
        public required Guid OrganisationId { get; init; }
        public required Guid AppId { get; init; }
    }
}
