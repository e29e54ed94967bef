using System.Text;
using System.Text.Json;

namespace Passerelle.Fuzz;

/// <summary>Conversations to begin with: a few of our own, and those of the shared corpora where they are.</summary>
internal static class Seeds
{
    private const string Open = "EHLO client.test\r\nMAIL FROM:<ann@client.test>\r\nRCPT TO:<bob@contoso.example>\r\n";

    /// <summary>Listeners: plain, all extensions, LMTP with all, small limits, behind a proxy.</summary>
    private static readonly byte[] Kinds = [0x00, 0x27, 0x0F, 0x5F, 0x87];

    public static IEnumerable<string> Own =>
    [
        Open + "DATA\r\nSubject: a\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
        Open + "BDAT 6\r\na: b\r\nBDAT 2 LAST\r\n\r\nRSET\r\n",
        Open.Replace("\r\nRCPT", " BODY=BINARYMIME SIZE=99\r\nRCPT", StringComparison.Ordinal) + "BDAT 12 LAST\r\na: b\r\n\r\n\n\r\0\nQUIT\r\n",
        "LHLO client.test\r\nMAIL FROM:<> RET=HDRS ENVID=a+2Bb\r\nRCPT TO:<bob@contoso.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bb\r\nRCPT TO:<nobody@x.test>\r\nDATA\r\n\r\n.\r\n",
        "EHLO a\r\nAUTH LOGIN\r\nVXNlcg==\r\nAUTH LOGIN dXNlcg==\r\nAUTH LOGIN\r\n*\r\nNOOP\r\n",
        "EHLO a\r\nMAIL FROM:<zo\u00C3\u00A9@b.test> SMTPUTF8\r\nRCPT TO:<\"a\\\"b\"@c.test> ORCPT=utf-8;a\\x{E9}@c\r\nRCPT TO:<@a,@b:c@[IPv6:::1]>\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r\n" + Open,
        "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C\u00C0\0\x02\x07\u00C6\x33\x64\x01\u009C\x40\0\x19" + Open,
        "VRFY bob\r\nEXPN x\r\nHELP\r\nSTARTTLS\r\nMAIL FROM:<full@a.test>\r\nHELO a\r\nRCPT TO:<boom@c>\r\nRSET\r\n",
    ];

    public static void Write(string folder, string? corpora)
    {
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var conversation in Own.Select(Encoding.Latin1.GetBytes).Concat(corpora is null ? [] : Shared(corpora)))
        {
            var kind = Kinds[number % Kinds.Length];
            File.WriteAllBytes(Path.Combine(folder, $"{number++:d4}"), [kind, .. conversation]);
        }
        foreach (var kind in Kinds.SelectMany(kind => Own, (kind, text) => (byte[])[kind, .. Encoding.Latin1.GetBytes(text)]))
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number++:d4}"), kind);
        }
    }

    private static IEnumerable<byte[]> Shared(string corpora)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(corpora, "smtp-fuzz-seeds"), "*.raw").Order(StringComparer.Ordinal)) yield return File.ReadAllBytes(file);
        foreach (var entry in Read("smtp-smuggling/end-of-data.json"))
        {
            yield return [.. Encoding.Latin1.GetBytes(Open + "DATA\r\na"), .. entry.GetProperty("bytesBase64").GetBytesFromBase64(), .. "RSET\r\n.\r\nQUIT\r\n"u8];
        }
        foreach (var dialogue in Read("smtp-dialogues-aiosmtpd/dialogues.json").Take(60))
        {
            yield return [.. dialogue.GetProperty("steps").EnumerateArray().SelectMany(step => step.TryGetProperty("sendRawBase64", out var raw)
                ? raw.GetBytesFromBase64()
                : Encoding.UTF8.GetBytes(step.GetProperty("send").GetString() + "\r\n")).Take(2000)];
        }

        IEnumerable<JsonElement> Read(string file)
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(corpora, file)));
            return [.. document.RootElement.EnumerateArray().Select(one => one.Clone())];
        }
    }
}
