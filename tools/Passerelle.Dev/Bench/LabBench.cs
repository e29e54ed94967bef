using System.Diagnostics;
using Passerelle.Lab.Testing;

namespace Passerelle.Dev.Bench;

/// <summary>What the lab must carry (issue 3): 200 labs in one process, tokens by the second, a reset.</summary>
internal static class LabBench
{
    private const int Labs = 200;
    private const int Callers = 4;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(bool quick, CancellationToken cancel)
    {
        await using LabFixture lab = await LabFixture.StartAsync(cancel);
        var warm = await lab.ContosoAsync("warm", "https://gateway.example/callback", cancel);
        for (var i = 0; i < 50; i++) await TokenAsync(lab, warm, cancel);

        var before = Memory.Now();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Labs; i++)
        {
            Contoso made = await lab.ContosoAsync($"bench{i}", "https://gateway.example/callback", cancel);
            await TokenAsync(lab, made, cancel);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var megabytes = Memory.Now().Since(before) / 1048576.0 / Labs;
        var rates = new List<double>();
        for (var run = 0; run < (quick ? 1 : 3); run++) rates.Add(await TokensPerSecondAsync(lab, warm, quick ? 1000 : 4000, cancel));
        return
        [
            new("200 labs made, each with a token", "s", seconds, 10, 1),
            new("memory of an idle lab, of 200 that live", "MB", megabytes, 3, 1),
            new("tokens issued, RS256", "1/s", rates.Order().ElementAt(rates.Count / 2), 500, rates.Count),
            new("reset with mail", "ms", await ResetAsync(lab, warm, cancel), 50, 1),
        ];
    }

    private static async Task<double> TokensPerSecondAsync(LabFixture lab, Contoso contoso, int count, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var i = 0; i < count / Callers; i++) await TokenAsync(lab, contoso, cancel);
        }));
        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> ResetAsync(LabFixture lab, Contoso contoso, CancellationToken cancel)
    {
        await lab.Control.TakeSnapshotAsync(contoso.Lab, "start", cancel);
        await lab.Control.ResetAsync(contoso.Lab, "start", cancel); // the first call of anything is slow
        var mail = new LabMail(lab.Control, contoso.Lab);
        for (var i = 0; i < 20; i++) await mail.WriteAsync(contoso.Ann, contoso.Support, $"mail {i}", "text", cancel);
        var clock = Stopwatch.StartNew();
        await lab.Control.ResetAsync(contoso.Lab, "start", cancel);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task TokenAsync(LabFixture lab, Contoso contoso, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = contoso.ClientId.ToString(),
            ["client_secret"] = contoso.ClientSecret,
            ["scope"] = "https://outlook.office365.com/.default",
        });
        using HttpResponseMessage answer = await lab.Http.PostAsync(lab.Endpoints.TokenEndpoint(contoso.DirectoryId), form, cancel);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What this process, which is the labs' host, uses. Native memory (keys, sockets) is in the resident set only, what the
    /// collector had in reserve already is in the heap only: the one that grew more is the honest one.</summary>
    private readonly record struct Memory(long Heap, long Resident)
    {
        public static Memory Now()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // gives back what it has in reserve
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return new Memory(GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet);
        }

        public long Since(Memory before) => Math.Max(Heap - before.Heap, Resident - before.Resident);
    }
}
