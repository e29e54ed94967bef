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

    [Fact]
    public async Task No_malformed_end_of_data_ends_a_message()
    {
        foreach (var entry in Corpora.Json("smtp-smuggling", "end-of-data.json").EnumerateArray())
        {
            var sequence = entry.GetProperty("bytesBase64").GetBytesFromBase64();
            var host = Deliver(
                [.. "Subject: a\r\n\r\nfirst"u8, .. sequence, .. Smuggled, .. "\r\n.\r\nQUIT\r\n"u8], out var replies);
            var said = await replies;
            var id = entry.GetProperty("id").GetString();
            Assert.True(host.Messages.Count <= 1, $"{id}: a second message was taken");
            Assert.True(said is [.., _, _] && said[^1].StartsWith("221", StringComparison.Ordinal), id);
            // either refused as a whole, or content that has all of it
            if (host.Messages.Count == 1) Assert.Contains("MAIL FROM:<evil@fabrikam.example>", Text(host));
            else Assert.StartsWith("550 5.6.11", said[^2]);
        }
    }

    [Fact]
    public async Task A_true_end_of_data_ends_and_a_stuffed_dot_does_not()
    {
        foreach (var entry in Corpora.Json("smtp-smuggling", "valid.json").EnumerateArray())
        {
            var sequence = entry.GetProperty("bytesBase64").GetBytesFromBase64();
            var ends = entry.GetProperty("expect").GetProperty("endsData").GetBoolean();
            var host = Deliver(
                [.. "a: b\r\n\r\nfirst"u8, .. sequence, .. Smuggled, .. "\r\n.\r\nQUIT\r\n"u8], out var replies);
            await replies;
            Assert.Equal(ends ? 2 : 1, host.Messages.Count);
            Assert.StartsWith(ends ? "a: b\r\n\r\nfirst\r\n" : "a: b\r\n\r\nfirst\r\n.\r\n", Text(host));
        }
    }

    [Fact]
    public async Task Every_dialogue_of_aiosmtpd_gets_the_same_replies_or_we_say_why()
    {
        var wrong = new List<string>();
        foreach (var dialogue in Corpora.Json("smtp-dialogues-aiosmtpd", "dialogues.json").EnumerateArray())
        {
            if (await FirstDifferenceAsync(dialogue) is { } difference) wrong.Add(difference);
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("smtp_requests_full.raw", 1)]
    [InlineData("smtp_requests_full_bdat.raw", 0)]
    public async Task A_fuzzer_seed_is_answered_without_a_fault(string file, int messages)
    {
        var host = new AcceptAll();
        await using var conversation = new Conversation(Conversation.Options(), host);
        await conversation.SendAsync(Corpora.Bytes("smtp-fuzz-seeds", file));
        await conversation.Client.Output.CompleteAsync();
        await conversation.ReadToEndAsync();
        Assert.Empty(host.Faults);
        Assert.Equal(messages, host.Messages.Count);
    }

    [Fact]
    public async Task Every_address_of_aiosmtpd_is_judged_alike()
    {
        var addresses = Corpora.Json("smtp-dialogues-aiosmtpd", "addresses.json");
        foreach (var valid in addresses.GetProperty("valid_mailfrom_addresses").EnumerateArray())
        {
            await Transcript.PlaysAsync(new SmtpLimits(), Mail(valid.GetString()!, "250 2.1.0 *"));
        }
        foreach (var invalid in addresses.GetProperty("invalid_email_addresses").EnumerateArray())
        {
            await Transcript.PlaysAsync(new SmtpLimits(), Mail(invalid.GetString()!, "553 5.1.7 *"));
        }
    }

    [Fact]
    public void Typed_addresses_are_judged_as_isemail_does()
    {
        var wrong = new List<string>();
        var total = 0;
        foreach (var entry in Corpora.Json("address-isemail", "expect.json").EnumerateArray())
        {
            if (!entry.GetProperty("expect").TryGetProperty("validForSmtp", out var valid)) continue;
            total++;
            var address = entry.GetProperty("address").GetString()!;
            if (Mailbox.TryParse(address, out _) != valid.GetBoolean()) wrong.Add($"{address}: {entry}");
        }
        Assert.True(total - wrong.Count >= 0.98 * total, string.Join('\n', wrong));
    }

    private static ReadOnlySpan<byte> Smuggled =>
        "MAIL FROM:<evil@fabrikam.example>\r\nRCPT TO:<bob@contoso.example>\r\nDATA\r\na: b\r\n\r\nsmuggled"u8;

    private static string Mail(string address, string reply) => $"""
        S: 220 *
        C: EHLO client.test
        S: 250 *
        C: MAIL FROM:{address}
        S: {reply}
        """;

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

    private static async Task<string?> FirstDifferenceAsync(JsonElement dialogue)
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
            if (code?[0] != wanted[0] || (code != wanted && !OtherCodes.ContainsKey(Key(dialogue, wanted, code))))
            {
                return $"{Key(dialogue, wanted, code)}: {step}";
            }
        }
        return null;
    }
}
