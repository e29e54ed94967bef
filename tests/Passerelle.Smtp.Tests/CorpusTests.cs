using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Passerelle.Smtp.Tests;

public sealed class CorpusTests
{
    /// <summary>The class is the same everywhere; where the code is another, this is why.</summary>
    private static readonly Dictionary<string, string> OtherCodes = new()
    {
        ["test_vrfy_not_address 502 -> 501"] = "VRFY is implemented (252), so a bad argument is a bad argument",
        ["test_helo 500 -> 502"] = "AUTH is known, only not offered here (RFC 5321 §4.2.4 calls that 502)",
    };

    [Fact, Corpus]
    public async Task Only_the_true_end_of_data_ends_a_message()
    {
        var tally = new Tally("smtp-smuggling", "ends data");
        foreach (var entry in Cases("end-of-data.json").Concat(Cases("valid.json")))
        {
            var sequence = entry.GetProperty("bytesBase64").GetBytesFromBase64();
            var ends = entry.GetProperty("expect").GetProperty("endsData").GetBoolean();
            var host = Deliver([.. "a: b\r\n\r\nfirst"u8, .. sequence, .. Smuggled, .. "\r\n.\r\nQUIT\r\n"u8], out var replies);
            var said = await replies;
            var refusedWhole = host.Messages.Count == 0 && said[^2].StartsWith("550 5.6.11", StringComparison.Ordinal);
            var keptWhole = host.Messages.Count == 1 && Text(host).Contains("MAIL FROM:<evil@fabrikam.example>", StringComparison.Ordinal);
            var right = ends ? host.Messages.Count == 2 && Text(host) == "a: b\r\n\r\nfirst\r\n" : refusedWhole || keptWhole;
            tally.Count(right && said[^1].StartsWith("221", StringComparison.Ordinal),
                () => $"{entry.GetProperty("escaped")}: {host.Messages.Count} messages, {string.Join(" / ", said.TakeLast(3))}");
        }
        tally.Reaches();

        static IEnumerable<JsonElement> Cases(string file) => Corpora.Json("smtp-smuggling", file).EnumerateArray();
    }

    [Fact, Corpus]
    public async Task Dialogues_and_addresses_of_aiosmtpd_are_answered_in_the_same_class()
    {
        var tally = new Tally("smtp-dialogues-aiosmtpd", "reply class");
        foreach (var dialogue in Corpora.Json("smtp-dialogues-aiosmtpd", "dialogues.json").EnumerateArray())
        {
            var difference = await FirstDifferenceAsync(dialogue, (wanted, code) => code?[0] == wanted[0]);
            tally.Count(difference is null, () => difference!); // wrong, so there is one
        }
        var addresses = Corpora.Json("smtp-dialogues-aiosmtpd", "addresses.json");
        foreach (var valid in addresses.GetProperty("valid_mailfrom_addresses").EnumerateArray()) await CountAsync(valid.GetString(), "250");
        foreach (var invalid in addresses.GetProperty("invalid_email_addresses").EnumerateArray()) await CountAsync(invalid.GetString(), "553");
        tally.Reaches();

        async Task CountAsync(string? address, string code)
        {
            var reply = await MailFromAsync(address);
            tally.Count(reply?[..3] == code, () => $"MAIL FROM:{address} {code}: {reply}");
        }
    }

    [Fact]
    public async Task Where_the_code_differs_from_aiosmtpds_we_say_why()
    {
        var wrong = new List<string>();
        foreach (var dialogue in Corpora.Json("smtp-dialogues-aiosmtpd", "dialogues.json").EnumerateArray())
        {
            var difference = await FirstDifferenceAsync(dialogue, (wanted, code) => code == wanted || OtherCodes.ContainsKey(Key(dialogue, wanted, code)));
            if (difference is not null) wrong.Add(difference);
        }
        Assert.Empty(wrong);
    }

    [Fact, Corpus]
    public async Task Seeds_of_a_fuzzer_are_answered_without_a_fault()
    {
        var tally = new Tally("smtp-fuzz-seeds", "no fault");
        var whole = Directory.EnumerateFiles(Corpora.Folder("smtp-fuzz-seeds"), "*.raw").Select(file => (Name: Path.GetFileName(file), Bytes: File.ReadAllBytes(file)));
        var words = Encoding.Latin1.GetString(Corpora.Bytes("smtp-fuzz-seeds", "smtp.dict")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim().Trim('"')).Select(word => (Name: word, Bytes: Encoding.Latin1.GetBytes($"EHLO a\r\n{word}\r\n{word} {word}\r\n")));
        foreach (var (name, bytes) in whole.Concat(words))
        {
            var faults = new List<string>();
            foreach (var options in EveryKind) faults.AddRange(await FaultsAsync(options, bytes));
            tally.Count(faults.Count == 0, () => $"{name}: {faults[0]}");
        }
        tally.Reaches();
    }

    [Fact, Corpus]
    public void Typed_addresses_are_judged_as_isemail_does()
    {
        var tally = new Tally("address-isemail", "valid for SMTP");
        foreach (var entry in Corpora.Json("address-isemail", "expect.json").EnumerateArray())
        {
            if (!entry.GetProperty("expect").TryGetProperty("validForSmtp", out var valid)) continue;
            var address = entry.GetProperty("address").GetString()!;
            tally.Count(Mailbox.TryParse(address, out _) == valid.GetBoolean(), () => $"{address}: {entry}");
        }
        tally.Reaches();
    }

    private static SmtpServerOptions[] EveryKind { get; } =
    [
        Conversation.Options(),
        Conversation.Options() with { Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn },
        Conversation.Options() with { Extensions = SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.Dsn, Lmtp = true },
    ];

    /// <summary>Faults of the host, and a conversation that did not end as one.</summary>
    private static async Task<IEnumerable<string>> FaultsAsync(SmtpServerOptions options, byte[] bytes)
    {
        var host = new AcceptAll();
        await using var conversation = new Conversation(options, host);
        await conversation.SendAsync(bytes);
        await conversation.Client.Output.CompleteAsync();
        await conversation.ReadToEndAsync();
        return host.Closings.Count == 1 ? host.Faults.Select(fault => fault.ToString()) : ["It did not close"];
    }

    private static async Task<string?> MailFromAsync(string? address)
    {
        await using var conversation = new Conversation(Conversation.Options());
        await conversation.ReadReplyAsync();
        await conversation.SendAsync($"EHLO client.test\r\n");
        await conversation.ReadReplyAsync();
        await conversation.SendAsync(Encoding.UTF8.GetBytes($"MAIL FROM:{address}\r\n"));
        return await conversation.ReadReplyAsync();
    }

    private static ReadOnlySpan<byte> Smuggled =>
        "MAIL FROM:<evil@fabrikam.example>\r\nRCPT TO:<bob@contoso.example>\r\nDATA\r\na: b\r\n\r\nsmuggled"u8;

    private static string Text(AcceptAll host) => Encoding.Latin1.GetString(host.Messages[0].Content);

    private static AcceptAll Deliver(byte[] content, out Task<IReadOnlyList<string>> replies)
    {
        var host = new AcceptAll();
        replies = RunAsync();
        return host;

        async Task<IReadOnlyList<string>> RunAsync()
        {
            await using var conversation = new Conversation(Conversation.Options(), host);
            await conversation.SendAsync("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@contoso.example>\r\nDATA\r\n");
            await conversation.SendAsync(content);
            return await conversation.ReadToEndAsync();
        }
    }

    private static string Key(JsonElement dialogue, string wanted, string? got) =>
        $"{dialogue.GetProperty("test")} {wanted} -> {got}";

    private static async Task<string?> FirstDifferenceAsync(JsonElement dialogue, Func<string, string?, bool> agrees)
    {
        await using var conversation = new Conversation(Conversation.Options());
        await conversation.ReadReplyAsync();
        foreach (var step in dialogue.GetProperty("steps").EnumerateArray())
        {
            var raw = step.TryGetProperty("sendRawBase64", out var base64);
            await conversation.SendAsync(
                raw ? base64.GetBytesFromBase64() : Encoding.UTF8.GetBytes(step.GetProperty("send") + "\r\n"));
            if (!step.TryGetProperty("expectCode", out var expected)) continue;
            var reply = await conversation.ReadReplyAsync();
            var code = reply?[..3];
            var wanted = expected.GetInt32().ToString(CultureInfo.InvariantCulture);
            if (!agrees(wanted, code)) return $"{Key(dialogue, wanted, code)}: {step}";
        }
        return null;
    }
}
