using Passerelle.Dev.Soak;
using Passerelle.Dev.Soak.Once;

namespace Passerelle.Journey.Tests.Recovery;

/// <summary>The short form of <c>./dev soak once</c>.</summary>
public sealed class OnceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every fault at every step; of the kills those where a letter is in the server's hands.</summary>
    [Fact]
    public async Task Whatever_goes_wrong_at_whatever_step_no_letter_leaves_twice_and_none_is_lost()
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-once-test-");
        try
        {
            var soak = new OnceSoak(Path.Combine(folder.FullName, "once.jsonl"), RecoverySoak.Sqlite, TextWriter.Null);
            HopFault[] faults =
            [
                .. HopFault.All.Where(fault => !fault.StrikesAll || fault.Step is HopStep.Content or HopStep.Dot or HopStep.GraphMail),
                .. Enumerable.Repeat(new HopFault(HopStep.Dot, HopDeed.CutBefore), 3), // of three neighbours two are apps of different settings
                .. Enumerable.Repeat(new HopFault(HopStep.Dot, HopDeed.CutAfter), 3),
            ];
            var record = await soak.RoundAsync(faults, Cancel);
            var result = await soak.ResultAsync(Cancel);
            Assert.True(result.IsClean, result.ToTable());
            Assert.Equal(faults.Length, record.Runs);
            Assert.True(record.Faults.Count > faults.Distinct().Count() * 3 / 4, $"Of {faults.Length} faults these happened: {string.Join(", ", record.Faults.Keys)}");
            Assert.True(record.Found > 0 && record.SentAgain > 0 && record.ByPerson > 0, result.ToTable());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
