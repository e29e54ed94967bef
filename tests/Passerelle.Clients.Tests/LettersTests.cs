using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MimeKit;
using Passerelle.Lab.Testing;
using Passerelle.Mail.Replies;

namespace Passerelle.Clients.Tests;

/// <summary>Two hundred letters that are hard to read are read the same by MimeKit, by Python's email and by nodemailer's mailparser.</summary>
public sealed class LettersTests(ClientsLab lab)
{
    private const int Letters = 200;

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task A_letter_says_the_same_to_every_reader(string reader)
    {
        var folder = Directory.CreateTempSubdirectory("passerelle-letters-").FullName;
        try
        {
            for (var number = 0; number < Letters; number++) await File.WriteAllBytesAsync(Path.Combine(folder, $"{number:d3}.eml"), Written(number), ClientsLab.Cancel);
            Contoso contoso = await lab.NewLabAsync();
            await using Script script = reader == "python"
                ? Script.Python(lab, contoso, "letters.py", ("LETTERS", folder))
                : Script.Node(lab, contoso, "letters.mjs", ("LETTERS", folder));
            var told = await script.ReadAsync();
            Assert.Equal(Letters, told.GetArrayLength());
            var differences = told.EnumerateArray().SelectMany((letter, number) => Differences(number, letter)).ToList();
            Assert.True(differences.Count == 0, string.Join('\n', differences.Take(20)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Written(int number)
    {
        var (draft, to, cc) = HardLetters.Of(number);
        return Assert.IsType<Composition.Composed>(ReplyComposer.New(draft, to, cc)).Bytes;
    }

    private static IEnumerable<string> Differences(int number, JsonElement told)
    {
        using var mail = MimeMessage.Load(new MemoryStream(Written(number)), ClientsLab.Cancel);
        (string What, string Ours, string Theirs)[] both =
        [
            ("subject", Plain(mail.Subject), Plain(Text(told, "subject"))),
            ("id", $"<{mail.MessageId}>", Text(told, "messageId")),
            ("date", mail.Date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), told.GetProperty("date").ToString()),
            ("from", Parties(mail.From), Parties(told, "from")),
            ("to", Parties(mail.To), Parties(told, "to")),
            ("cc", Parties(mail.Cc), Parties(told, "cc")),
            ("reply-to", Parties(mail.ReplyTo), Parties(told, "replyTo")),
            ("text", Lines(mail.TextBody), Lines(Text(told, "text"))),
            ("html", Lines(mail.HtmlBody), Lines(Text(told, "html"))),
            ("files", string.Join('\n', mail.BodyParts.OfType<MimePart>().Where(part => part.ContentDisposition is not null).Select(FileOf).Order(StringComparer.Ordinal)),
                string.Join('\n', told.GetProperty("files").EnumerateArray().Select(file => string.Join('|', file.EnumerateArray().Select(value => value.GetString()))).Order(StringComparer.Ordinal))),
            ("defects", "", string.Join('\n', told.GetProperty("defects").EnumerateArray())),
        ];
        return both.Where(one => one.Ours != one.Theirs).Select(one => $"{number} {one.What}:\n  {one.Ours}\n  {one.Theirs}");
    }

    private static string FileOf(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes, ClientsLab.Cancel);
        return $"{part.FileName}|{part.ContentType.MimeType}|{Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))}|{part.ContentId}";
    }

    private static string Text(JsonElement told, string name) => told.GetProperty(name).GetString() ?? "";

    private static string Parties(InternetAddressList list) => string.Join(", ", list.Mailboxes.Select(box => $"{Plain(box.Name)} {Ascii(box.Address)}"));

    private static string Parties(JsonElement told, string name) =>
        string.Join(", ", told.GetProperty(name).EnumerateArray().Select(one => $"{Plain(one[0].GetString())} {Ascii(one[1].GetString() ?? "")}"));

    /// <summary>Some readers show a domain in its own letters.</summary>
    private static string Ascii(string address) => $"{address[..(address.LastIndexOf('@') + 1)]}{new IdnMapping().GetAscii(address[(address.LastIndexOf('@') + 1)..])}";

    /// <summary>Blanks and tabs are one in a header.</summary>
    private static string Plain(string? text) => string.Join(' ', (text ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Lines(string? text) => (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
}
