using System.Collections.Concurrent;
using System.Globalization;
using Passerelle.Gateway.Tests.Store;

namespace Passerelle.Gateway.Tests.Receiving;

/// <summary>
/// Every mail that the receiver answers 250, whichever way it came (DATA or BDAT, SMTP or LMTP, a row or a spooled file), is on the disk by then, as the kernel saw it: <c>passerelle serve</c> under
/// <c>strace</c>, mail over real sockets. And the proof notices when it is not.
/// </summary>
public sealed class DurabilityTests
{
    private const int Sessions = 5;
    private const int ManySessions = 40;
    private const int MailsASession = 8;
    private const string Log = "passerelle.db-wal";

    /// <summary>The last two mails of each session are too big for a row.</summary>
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
    public async Task Under_load_one_flush_serves_many_mails()
    {
        await using var folder = StoreFolder.OnSqlite();
        var (trace, answers) = await TraceAsync(folder, ManySessions);
        var flushes = trace.FlushesFor(answers.Keys.Select(Row), Log);
        TestContext.Current.SendDiagnosticMessage($"{answers.Count} mails, {flushes} flushes");
        Assert.Equal(ManySessions * MailsASession, answers.Count);
        Assert.InRange(flushes, 1, answers.Count / 4);
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
    private static async Task<(SystemCallTrace Trace, IReadOnlyDictionary<int, string> Answers)> TraceAsync(StoreFolder folder, int sessions = Sessions)
    {
        var (organisation, address) = await ServingGateway.PrepareAsync(folder.Options, Cancel);
        // left by a process that died before it flushed their names
        foreach (var name in new[] { "incoming", organisation.ToString("N") }) Directory.CreateDirectory(Path.Combine(folder.Data, "spool", name));
        var file = Path.Combine(folder.Data, "trace");
        var answers = new ConcurrentDictionary<int, string>();
        await using (var gateway = await ServingGateway.StartAsync(folder.Options, Cancel, SystemCallTrace.Command(file)))
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, sessions),
                new ParallelOptions { MaxDegreeOfParallelism = sessions, CancellationToken = Cancel },
                async (session, _) => await DeliverAsync(gateway, address, session * MailsASession, answers));
        }
        return (SystemCallTrace.Read(file), answers);
    }

    private static async Task DeliverAsync(ServingGateway gateway, string address, int first, ConcurrentDictionary<int, string> answers)
    {
        var isLmtp = first / MailsASession % 3 == 2; // every third session is a mail server in front of us
        await using var wire = await Wire.OpenAsync(isLmtp ? gateway.LmtpEndpoint : gateway.Endpoint);
        Assert.StartsWith("250 ", await wire.SayAsync(isLmtp ? "LHLO front.contoso.example" : "EHLO mail.fabrikam.example"), StringComparison.Ordinal);
        for (var number = first; number < first + MailsASession; number++)
        {
            var line = string.Concat(Enumerable.Repeat(ChildProcess.Marker(number), 5));
            var text = string.Join("\r\n", Enumerable.Repeat(line, IsLarge(number) ? LinesOfLarge : 80));
            var mail = $"From: ann@fabrikam.example\r\nSubject: Hello\r\n\r\n{text}";
            var answer = IsChunked(number) ? await ChunksAsync(wire, number, mail + "\r\n", address) : await wire.MailFromAsync(Sender(number), mail, address);
            Assert.StartsWith("250 2.0.0 Accepted as ", answer, StringComparison.Ordinal);
            answers[number] = answer["250 2.0.0 ".Length..];
        }
    }

    private static async Task<string> ChunksAsync(Wire wire, int number, string mail, string address)
    {
        Assert.StartsWith("250 ", await wire.SayAsync($"MAIL FROM:<{Sender(number)}>", $"RCPT TO:<{address}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await wire.ChunkAsync(mail[..(mail.Length / 2)]), StringComparison.Ordinal);
        return await wire.ChunkAsync(mail[(mail.Length / 2)..], last: true);
    }

    private static string Sender(int number) => $"{Row(number)}@fabrikam.example";

    /// <summary>Stands in the receipt's row alone: the envelope's sender.</summary>
    private static string Row(int number) => string.Create(CultureInfo.InvariantCulture, $"row-{number:000000}");

    private static bool IsLarge(int number) => number % MailsASession >= MailsASession - 2;

    /// <summary>Every other mail comes in chunks, large ones too.</summary>
    private static bool IsChunked(int number) => number % 2 == 1;

    private static IEnumerable<KeyValuePair<int, string>> Small(IReadOnlyDictionary<int, string> answers) => answers.Where(mail => !IsLarge(mail.Key));
}
