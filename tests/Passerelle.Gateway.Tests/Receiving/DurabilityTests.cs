using System.Collections.Concurrent;
using System.Globalization;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>
/// Every mail that the receiver answers 250 is on the disk by then, as the kernel saw it: <c>passerelle serve</c> under
/// <c>strace</c>, mail over real sockets. And the proof notices when it is not.
/// </summary>
public sealed class DurabilityTests
{
    private const int Sessions = 5;
    private const int MailsASession = 8;
    private const string Log = "passerelle.db-wal";

    /// <summary>The last mail of each session is too big for a row.</summary>
    private const int LinesOfLarge = 4000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mail_answered_250_was_flushed_before_its_answer_left()
    {
        await using var folder = StoreFolder.OnSqlite();
        var (trace, answers) = await TraceAsync(folder);
        Assert.Equal(Sessions * MailsASession, answers.Count);
        Assert.Empty(answers.Select(mail => trace.Doubt(Row(mail.Key), Log, mail.Value)).OfType<string>());
        Assert.Empty(Small(answers).Select(mail => trace.Doubt(ChildProcess.Marker(mail.Key), Log, mail.Value)).OfType<string>());
        Assert.Empty(answers.Keys.Where(IsLarge).Select(number => trace.DoubtOfFile(ChildProcess.Marker(number), Row(number), Log, Path.Combine(folder.Data, "spool"))).OfType<string>());
    }

    [Fact]
    public async Task With_synchronous_off_the_same_proof_fails_for_every_mail()
    {
        await using var folder = StoreFolder.OnSqlite("OFF");
        var (trace, answers) = await TraceAsync(folder);
        var doubts = answers.Select(mail => trace.Doubt(Row(mail.Key), Log, mail.Value)).OfType<string>().ToList();
        Assert.Equal(Sessions * MailsASession, doubts.Count);
        Assert.All(doubts, doubt => Assert.EndsWith("was never flushed", doubt, StringComparison.Ordinal));
    }

    /// <returns>The trace, and the answer to each mail by its number.</returns>
    private static async Task<(SystemCallTrace Trace, IReadOnlyDictionary<int, string> Answers)> TraceAsync(StoreFolder folder)
    {
        var (organisation, address) = await ServingGateway.PrepareAsync(folder.Options, Cancel);
        // left by a process that died before it flushed their names
        foreach (var name in new[] { "incoming", organisation.ToString("N") }) Directory.CreateDirectory(Path.Combine(folder.Data, "spool", name));
        var file = Path.Combine(folder.Data, "trace");
        var answers = new ConcurrentDictionary<int, string>();
        await using (var gateway = await ServingGateway.StartAsync(folder.Options, Cancel, SystemCallTrace.Command(file)))
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Sessions),
                new ParallelOptions { MaxDegreeOfParallelism = Sessions, CancellationToken = Cancel },
                async (session, _) => await DeliverAsync(gateway, address, session * MailsASession, answers));
        }
        return (SystemCallTrace.Read(file), answers);
    }

    private static async Task DeliverAsync(ServingGateway gateway, string address, int first, ConcurrentDictionary<int, string> answers)
    {
        await using var wire = await Wire.OpenAsync(gateway.Endpoint);
        await wire.SayAsync("EHLO mail.fabrikam.example");
        for (var number = first; number < first + MailsASession; number++)
        {
            var line = string.Concat(Enumerable.Repeat(ChildProcess.Marker(number), 5));
            var text = string.Join('\n', Enumerable.Repeat(line, IsLarge(number) ? LinesOfLarge : 80));
            var answer = await wire.MailFromAsync($"{Row(number)}@fabrikam.example", $"From: ann@fabrikam.example\nSubject: Hello\n\n{text}", address);
            Assert.StartsWith("250 2.0.0 Accepted as ", answer, StringComparison.Ordinal);
            answers[number] = answer["250 2.0.0 ".Length..];
        }
    }

    /// <summary>Stands in the receipt's row alone: the envelope's sender.</summary>
    private static string Row(int number) => string.Create(CultureInfo.InvariantCulture, $"row-{number:000000}");

    private static bool IsLarge(int number) => number % MailsASession == MailsASession - 1;

    private static IEnumerable<KeyValuePair<int, string>> Small(IReadOnlyDictionary<int, string> answers) => answers.Where(mail => !IsLarge(mail.Key));
}
